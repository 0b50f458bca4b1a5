import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'tests/**/*.test.ts',
      'tools/**/*.test.ts',
      'examples/**/*.test.ts',
      'bench/**/*.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
    // A test that waits on real time is a defect. The limits are for one that hangs: real servers start in a few seconds, and in
    // many times that where a machine has ten other things to do.
    testTimeout: 240_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 100_000 } },
  },
});
