/** Identifies one version of one API group. */
export interface GroupVersion {
  /** API group; `""` is the core group. */
  readonly group: string;
  readonly version: string;
}

/** Identifies a kind of object (`Deployment`) in one version of one API group. */
export interface GroupVersionKind extends GroupVersion {
  readonly kind: string;
}

/** Identifies a resource (plural, lower case) in one version of one API group. */
export interface GroupVersionResource extends GroupVersion {
  readonly resource: string;
}

/** Identifies a resource (plural, lower case) whatever the version. */
export interface GroupResource {
  /** API group; `""` is the core group. */
  readonly group: string;
  readonly resource: string;
}

/**
 * Parses an `apiVersion` such as `"apps/v1"`, or `"v1"` for the core group.
 *
 * The empty string gives empty parts, as in client-go: it is what an object without type information has.
 *
 * @throws RangeError when there is more than one `/`.
 */
export function parseGroupVersion(apiVersion: string): GroupVersion {
  const parts = apiVersion.split('/');
  if (parts.length > 2) {
    throw new RangeError(`unexpected apiVersion ${JSON.stringify(apiVersion)}: expected "version" or "group/version"`);
  }
  const [first = '', second] = parts;
  return second === undefined ? { group: '', version: first } : { group: first, version: second };
}

/** The `apiVersion` of a group version: `"apps/v1"`, or `"v1"` for the core group. */
export function formatGroupVersion({ group, version }: GroupVersion): string {
  return group === '' ? version : `${group}/${version}`;
}

/** `"deployments.apps"`, or `"pods"` for the core group: how the API server names a resource in its messages. */
export function formatGroupResource({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}
