import { type Binaries, BinariesNotFoundError, findBinaries } from '@client-ts/envtest';
import { describe, test } from 'vitest';

/**
 * Tests on real servers, of the newest version or of the one that is named. Where the programs are missing, one loud line tells so and how to get them; in CI that is a failure,
 * since nobody would notice.
 */
export function describeReal(
  name: string,
  needs: readonly (keyof Binaries)[],
  define: (binaries: Binaries) => void,
  version?: string,
): void {
  let binaries: Partial<Binaries> = {};
  let missing: Error | undefined;
  try {
    binaries = findBinaries({ needs, version });
  } catch (error) {
    if (!(error instanceof BinariesNotFoundError)) throw error;
    missing = error;
    console.warn(`\n!!! NOT TESTED: ${name}: ${error.message}\n`);
  }
  if (missing && process.env['CI'] === 'true') test(`${name}: the programs are there`, () => Promise.reject(missing));
  describe.skipIf(missing !== undefined)(name, () => {
    define(binaries as Binaries);
  });
}
