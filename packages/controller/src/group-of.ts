/** The group of an `apiVersion`; of one that is no such thing, what stands where the group would. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
