const Canonical = /^[1-9][0-9]*$/;

/**
 * Compares two resource versions of the same resource: negative when `a` is older, 0 when equal, positive when newer.
 *
 * Versions are decimal numbers of any length, compared without losing digits (KEP-5504).
 *
 * @throws RangeError when either is empty, `"0"`, or not a decimal number without leading zeros.
 */
export function compareResourceVersion(a: string, b: string): number {
  for (const version of [a, b]) {
    if (!Canonical.test(version)) {
      throw new RangeError(`resource version ${JSON.stringify(version)} is not a positive decimal number`);
    }
  }
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
