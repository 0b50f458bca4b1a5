import { expect, test } from 'vitest';
import { withSubpaths } from './manifest.js';

const manifest = {
  name: 'api',
  exports: {
    '.': './src/index.ts',
    './gone/v1': './src/gen/gone/v1.ts',
    './schema': './src/schema.ts',
    './package.json': './package.json',
  },
  publishConfig: { access: 'public', exports: {} },
};

test('generated modules become subpaths, in the workspace and where it is published', () => {
  const result = withSubpaths(manifest, ['core/v1', 'apps/v1']);
  expect(Object.entries(result.exports)).toEqual([
    ['.', './src/index.ts'],
    ['./apps/v1', './src/gen/apps/v1.ts'],
    ['./core/v1', './src/gen/core/v1.ts'],
    ['./schema', './src/schema.ts'],
    ['./package.json', './package.json'],
  ]);
  expect(result.publishConfig).toEqual({
    access: 'public',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './apps/v1': { types: './dist/gen/apps/v1.d.ts', default: './dist/gen/apps/v1.js' },
      './core/v1': { types: './dist/gen/core/v1.d.ts', default: './dist/gen/core/v1.js' },
      './schema': { types: './dist/schema.d.ts', default: './dist/schema.js' },
      './package.json': './package.json',
    },
  });
  expect(result.name).toBe('api');
});

test('a second run changes nothing', () => {
  const once = withSubpaths(manifest, ['core/v1']);
  expect(JSON.stringify(withSubpaths(once, ['core/v1']))).toBe(JSON.stringify(once));
});
