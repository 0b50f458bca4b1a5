import { describe, expect, test } from 'vitest';
import { DefaultRESTMapper } from './default-rest-mapper.js';
import { newDiscoveryRESTMapper } from './discovery-rest-mapper.js';
import { apiResource, apiResources, failing, outcome } from './mappers.test.kit.js';
import { type Priorities, PriorityRESTMapper } from './priority-rest-mapper.js';

const found = ['a/v1 boxes Box', 'a/v2 boxes Box', 'b/v1 boxes Box', 'b/v2 boxes Box', 'c/v1 lids Lid'];
const delegate = new DefaultRESTMapper(found.map((text) => apiResource(text)));
const ambiguous = expect.stringMatching(/^resource "boxes" matches 4: /) as unknown;

test.each<[string, Priorities['resources'] & Priorities['kinds'], string, unknown]>([
  ['none', [], 'boxes', ambiguous],
  ['one that is not needed', [{ group: 'x' }], 'lids', 'c/v1'],
  ['one that matches nothing', [{ group: 'x' }], 'boxes', ambiguous],
  ['one that matches one', [{ group: 'x' }, { group: 'b', version: 'v2' }], 'boxes', 'b/v2'],
  ['one after the other', [{ group: 'b' }, { version: 'v1' }], 'boxes', 'b/v1'],
  ['what is gone does not come back', [{ group: 'b' }, { group: 'a' }, { version: 'v2' }], 'boxes', 'b/v2'],
  ['several in the end', [{ group: 'b' }], 'boxes', ambiguous],
  ['any', [{}], 'boxes', ambiguous],
])('patterns: %s', async (_, patterns, resource, expected) => {
  const mapper = new PriorityRESTMapper(delegate, { resources: patterns, kinds: patterns });
  const isText = typeof expected === 'string';
  expect(await outcome(mapper.resourceFor({ resource }))).toEqual(isText ? `${expected} ${resource}` : expected);
  expect(await outcome(mapper.kindFor({ resource }))).toEqual(isText ? expect.stringContaining(expected) : expected);
});

test('resources and kinds may be preferred by name', async () => {
  const both = new DefaultRESTMapper([
    apiResource('a/v1 boxes Box'),
    apiResource('a/v1 crates Box', { singular: 'boxes' }),
  ]);
  const mapper = new PriorityRESTMapper(both, { resources: [{ resource: 'crates' }], kinds: [{ kind: 'Box' }] });
  expect(await outcome(mapper.resourceFor({ resource: 'boxes' }))).toBe('a/v1 crates');
  expect(await outcome(mapper.kindFor({ resource: 'boxes' }))).toBe('a/v1 Box');
});

test.each<[readonly string[], unknown]>([
  [[], 'a/v2 boxes Box'],
  [['v1'], 'a/v1 boxes Box'],
  [['v9', 'v1', 'v2'], 'a/v1 boxes Box'],
  [['v9'], 'no matches for kind "Box" in version "a/v9"'],
])('versions %o that are asked for come before all patterns', async (versions, expected) => {
  const mapper = new PriorityRESTMapper(delegate, { resources: [], kinds: [{ version: 'v2' }] });
  expect(await outcome(mapper.restMapping({ group: 'a', kind: 'Box' }, { versions }))).toBe(expected);
});

test('a kind in several versions, none of which is preferred', async () => {
  const mapper = new PriorityRESTMapper(delegate, { resources: [], kinds: [] });
  expect(await outcome(mapper.restMapping({ group: 'a', kind: 'Box' }))).toBe(
    'kind "Box" in group "a" matches 2: kind "Box" in version "a/v1", kind "Box" in version "a/v2"',
  );
});

test('questions for all answers are passed on, and failures come back', async () => {
  const priorities = { resources: [{ group: 'b' }], kinds: [{ group: 'b' }] };
  const mapper = new PriorityRESTMapper(delegate, priorities);
  expect(await outcome(mapper.resourcesFor({ resource: 'box' }))).toHaveLength(4);
  expect(await outcome(mapper.kindsFor({ resource: 'box' }))).toHaveLength(4);
  expect(await outcome(mapper.restMappings({ group: 'a', kind: 'Box' }))).toHaveLength(2);
  expect(await outcome(mapper.resourceSingularizer('boxes'))).toBe('box');
  const lost = new PriorityRESTMapper(failing(new Error('lost')), priorities);
  expect(await outcome(lost.resourceFor({ resource: 'box' }))).toBe('lost');
});

describe('what a server serves', () => {
  const served = apiResources(
    apiResource('z/v1 pods PodMetrics'),
    ...['apps/v1beta1 deployments Deployment', 'apps/v1 deployments Deployment', 'apps/v1beta1 olds Old'].map((text) =>
      apiResource(text),
    ),
    ...['extensions/v1beta1 deployments Deployment', 'v1 pods Pod', 'v1 nodes Node'].map((text) => apiResource(text)),
    apiResource('c/v1 boxes Box', {
      scope: 'Cluster',
      singular: '',
      subresources: [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get'] }],
    }),
  );
  const apps = { name: 'apps', versions: ['v1beta1', 'v1'], preferredVersion: 'v1' };
  const groups = served.groups.map((group) => (group.name === 'apps' ? apps : group));
  const mapper = newDiscoveryRESTMapper({ ...served, groups });

  test.each([
    ['the core group comes first', 'pods', 'v1 pods'],
    ['groups come in the order of the server, recommended versions first', 'deployments', 'apps/v1 deployments'],
    ['other versions may have what that has not', 'olds', 'apps/v1beta1 olds'],
    ['singulars that are not told are guessed', 'box', 'c/v1 boxes'],
  ])('%s', async (_, resource, expected) => {
    expect(await outcome(mapper.resourceFor({ resource }))).toBe(expected);
  });

  test('the mapping of a kind is a descriptor', async () => {
    expect(await mapper.restMapping({ group: 'c', kind: 'Box' })).toEqual({
      group: 'c',
      version: 'v1',
      resource: 'boxes',
      kind: 'Box',
      scope: 'Cluster',
      subresources: ['scale'],
    });
    expect(await outcome(mapper.restMapping({ group: 'apps', kind: 'Deployment' }))).toBe(
      'apps/v1 deployments Deployment',
    );
  });
});
