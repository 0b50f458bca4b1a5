/**
 * A time as fields of type `Time` have it: whole seconds.
 *
 * @param ms - since the Unix epoch.
 */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -'.000Z'.length)}Z`;
}
