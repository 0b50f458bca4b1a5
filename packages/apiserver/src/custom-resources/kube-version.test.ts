import { expect, test } from 'vitest';
import { compareKubeVersions } from './kube-version.js';

test('orders versions by stability, then by number, then other names', () => {
  const versions = [
    'foo10',
    'v11alpha2',
    'v1',
    'v12alpha1',
    'foo1',
    'v3beta1',
    'v10',
    'v10beta3',
    'v11beta2',
    'v2',
    'v01',
  ];
  expect(versions.toSorted(compareKubeVersions)).toEqual([
    'v10',
    'v2',
    'v1',
    'v11beta2',
    'v10beta3',
    'v3beta1',
    'v12alpha1',
    'v11alpha2',
    'foo1',
    'foo10',
    'v01',
  ]);
});
