/**
 * The version as of which a full state was read.
 *
 * What has no version is not from an API server that can be watched, whatever it looks like: an empty object in place of a
 * list must not empty a cache.
 *
 * @param what - was read, for messages.
 * @throws TypeError when there is none.
 */
export function versionRead(
  { resourceVersion }: { readonly resourceVersion?: string | undefined },
  what: string,
): string {
  if (resourceVersion) return resourceVersion;
  throw new TypeError(`the ${what} has no metadata.resourceVersion`);
}
