import { type ApiResource, type ApiResources, GroupDiscoveryFailedError } from '@client-ts/discovery';
import { expect, test } from 'vitest';
import { discoveryCategoryExpander, simpleCategoryExpander, unionCategoryExpander } from './category-expander.js';
import { DeferredDiscoveryRESTMapper } from './deferred-discovery-rest-mapper.js';
import { apiResource, apiResources, outcome } from './mappers.test.kit.js';
import type { PartialResource } from './rest-mapper.js';
import { ShortcutExpander } from './shortcut-expander.js';

const served = apiResources(
  apiResource('v1 pods Pod', { shortNames: ['po'], categories: ['all'] }),
  apiResource('v1 po Riddle'),
  apiResource('apps/v1 deployments Deployment', { shortNames: ['deploy', 'd'], categories: ['all'] }),
  apiResource('apps/v1beta1 deployments Deployment', { shortNames: ['deploy', 'd'], categories: ['all', 'old'] }),
  apiResource('autoscaling.k8s.io/v1 scalers Scaler', { shortNames: ['hpa', 'd'] }),
  apiResource('other/v1 dials Dial', { shortNames: ['d'] }),
);

function setUp(resources: ApiResources = served, failed = false) {
  const state = { resources };
  const warnings: string[] = [];
  const mapper = new DeferredDiscoveryRESTMapper({
    async groupsAndResources() {
      if (failed) throw new GroupDiscoveryFailedError(new Map([['x/v1', 'down']]), state.resources);
      return state.resources;
    },
  });
  const expander = new ShortcutExpander(mapper, mapper, { onWarning: (text) => warnings.push(text) });
  return { state, mapper, expander, warnings };
}

const ambiguousD = [
  'short name "d" could also match lower priority resource scalers.autoscaling.k8s.io',
  'short name "d" could also match lower priority resource dials.other',
];

test.each<[PartialResource, string, string[]]>([
  [{ resource: 'pods' }, 'v1 pods', []],
  [{ resource: 'deploy' }, 'apps/v1 deployments', []],
  [{ resource: 'DEPLOY' }, 'apps/v1 deployments', []],
  [{ resource: 'deploy', group: 'apps' }, 'apps/v1 deployments', []],
  [{ resource: 'deploy', group: 'other' }, 'no matches for resource "deploy" in group "other"', []],
  // A resource that is called so comes before a short name.
  [{ resource: 'po' }, 'v1 po', []],
  [{ resource: 'd' }, 'apps/v1 deployments', ambiguousD],
  [{ resource: 'd', group: 'other' }, 'other/v1 dials', []],
  [{ resource: 'hpa', group: 'autoscaling' }, 'autoscaling.k8s.io/v1 scalers', []],
  [{ resource: 'deploy', group: 'app', version: 'v1beta1' }, 'apps/v1beta1 deployments', []],
  [{ resource: 'nothing' }, 'no matches for resource "nothing"', []],
])('%o', async (resource, expected, told) => {
  const { expander, warnings } = setUp();
  expect(await outcome(expander.resourceFor(resource))).toBe(expected);
  expect(warnings).toEqual(told);
});

test('every question takes short names, and groups that fail do not matter', async () => {
  const { expander } = setUp(served, true);
  const d = { resource: 'deploy' };
  expect(await outcome(expander.kindFor(d))).toBe('apps/v1 Deployment');
  expect(await outcome(expander.kindsFor(d))).toEqual(['apps/v1 Deployment', 'apps/v1beta1 Deployment']);
  expect(await outcome(expander.resourcesFor(d))).toEqual(['apps/v1 deployments', 'apps/v1beta1 deployments']);
  expect(await expander.resourceSingularizer('deploy')).toBe('deployment');
  const kind = { group: 'apps', kind: 'Deployment' };
  expect(await outcome(expander.restMapping(kind))).toBe('apps/v1 deployments Deployment');
  expect(await outcome(expander.restMappings(kind))).toHaveLength(2);
});

test('the short name of a resource that is new', async () => {
  const { state, expander } = setUp(apiResources(apiResource('v1 nodes Node')));
  expect(await outcome(expander.kindFor({ resource: 'nodes' }))).toBe('v1 Node');
  state.resources = served;
  expect(await outcome(expander.kindFor({ resource: 'deploy' }))).toBe('apps/v1 Deployment');
});

test('categories', async () => {
  const named: ApiResource[] = [];
  const { mapper } = setUp(served, true);
  const discovered = discoveryCategoryExpander(mapper);
  const pods = { group: '', resource: 'pods' };
  const deployments = { group: 'apps', resource: 'deployments' };
  const secrets = { group: '', resource: 'secrets' };
  expect(await discovered('all')).toEqual([pods, deployments]);
  expect(await discovered('none')).toBeUndefined();
  const simple = simpleCategoryExpander({ all: [secrets, pods], mine: [secrets], empty: named });
  expect([await simple('mine'), await simple('toString')]).toEqual([[secrets], undefined]);
  const union = unionCategoryExpander(simple, discovered);
  expect(await union('all')).toEqual([secrets, pods, deployments]);
  expect([await union('old'), await union('empty'), await union('none')]).toEqual([
    [deployments],
    undefined,
    undefined,
  ]);
});
