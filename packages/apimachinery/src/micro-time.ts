/**
 * A time as fields of type `MicroTime` have it: with six digits of a second, where servers refuse three.
 *
 * @param ms - since the Unix epoch.
 */
export function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
