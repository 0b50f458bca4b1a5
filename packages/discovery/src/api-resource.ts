import type { GroupVersion, Scope } from '@client-ts/apimachinery';

/** One group, with the versions the server serves, best first. */
export interface ApiGroup {
  /** `""` is the core group. */
  readonly name: string;
  readonly versions: readonly string[];
  /** The version that the server recommends. */
  readonly preferredVersion: string;
}

/** One resource in one version of one group. */
export interface ApiResource extends GroupVersion {
  /** Plural, lower case. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly scope: Scope;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** Names of subresources, such as `status`. */
  readonly subresources: readonly string[];
}

/** What a server serves. */
export interface ApiResources {
  readonly groups: readonly ApiGroup[];
  readonly resources: readonly ApiResource[];
}
