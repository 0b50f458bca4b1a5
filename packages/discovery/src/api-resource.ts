import type { GroupVersion, GroupVersionKind, Scope } from '@client-ts/apimachinery';

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
  /** Empty on servers that do not tell. */
  readonly singular: string;
  /** Empty, as are the verbs, where a server has only subresources of it: there is no such resource then. */
  readonly kind: string;
  readonly scope: Scope;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly ApiSubresource[];
}

/** A subresource. Its kind may be of another group: `scale` is a `Scale` of `autoscaling/v1`. */
export interface ApiSubresource extends GroupVersionKind {
  /** `status`, `scale`, … */
  readonly name: string;
  readonly verbs: readonly string[];
}

/** What a server serves. */
export interface ApiResources {
  readonly groups: readonly ApiGroup[];
  readonly resources: readonly ApiResource[];
}
