import { BinariesNotFoundError, findBinaries, missingKubelet } from '@client-ts/envtest';
import { describe, expect, test } from 'vitest';
import { extractExamples } from './examples.js';

/** Examples that need what a machine may not have, and how to know. */
const needs: Readonly<Record<string, () => boolean>> = {
  'packages/envtest/README.md': hasBinaries,
  'packages/portforward/README.md': () => hasBinaries() && missingKubelet() === undefined,
  'packages/logs/README.md': () => hasBinaries() && missingKubelet() === undefined,
  'packages/remotecommand/README.md': () => hasBinaries() && missingKubelet() === undefined,
};

describe('the example runs', () => {
  for (const { readme, module } of extractExamples()) {
    const possible = needs[readme]?.() ?? true;
    // Skipped where kube-apiserver has not been built; the tests of envtest itself say so loudly.
    test.skipIf(!possible)(readme, async () => {
      expect(module, `${readme} has no ts block`).toBeDefined();
      await import(/* @vite-ignore */ module ?? '');
    });
  }
});

function hasBinaries(): boolean {
  try {
    findBinaries();
    return true;
  } catch (error) {
    if (error instanceof BinariesNotFoundError) return false;
    throw error;
  }
}
