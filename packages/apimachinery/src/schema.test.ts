import { expect, test } from 'vitest';
import { formatGroupResource, formatGroupVersion, type GroupVersion, parseGroupVersion } from './schema.js';

test.each<[string, GroupVersion]>([
  ['v1', { group: '', version: 'v1' }],
  ['apps/v1', { group: 'apps', version: 'v1' }],
  ['example.com/v1alpha1', { group: 'example.com', version: 'v1alpha1' }],
  ['', { group: '', version: '' }],
  ['apps/', { group: 'apps', version: '' }],
])('%j is %j', (apiVersion, groupVersion) => {
  expect(parseGroupVersion(apiVersion)).toEqual(groupVersion);
});

test.each(['a/b/c', '//', '/v1/'])('%j is no apiVersion', (apiVersion) => {
  expect(() => parseGroupVersion(apiVersion)).toThrow(
    new RangeError(`unexpected apiVersion "${apiVersion}": expected "version" or "group/version"`),
  );
});

test.each(['v1', 'apps/v1', ''])('%j survives being parsed and formatted', (apiVersion) => {
  expect(formatGroupVersion(parseGroupVersion(apiVersion))).toBe(apiVersion);
});

test('resources of the core group are named without it', () => {
  expect(formatGroupResource({ group: '', resource: 'pods' })).toBe('pods');
  expect(formatGroupResource({ group: 'apps', resource: 'deployments' })).toBe('deployments.apps');
});
