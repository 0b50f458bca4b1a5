import { formatGroupResource } from '@client-ts/apimachinery';
import { describe, expect, it } from 'vitest';
import type { ApiResource } from './api-resource.js';
import { apiResources, type ApiResourcesOptions } from './api-resources.js';
import { apiVersions } from './api-versions.js';
import { aggregated, failureOf, group, Legacy, serve } from './discovery.test.kit.js';
import type { GroupDiscoveryFailedError } from './group-discovery-failed-error.js';

function version(version: string, ...resources: object[]): object {
  return { version, resources };
}

function resource(name: string, kind: string, verbs: string[], more: object = {}): object {
  return { resource: name, responseKind: { kind }, scope: 'Namespaced', verbs, ...more };
}

const Everything = ['get', 'list', 'create'];
const server = {
  '/api aggregated': aggregated({
    versions: [
      version(
        'v1',
        resource('pods', 'Pod', Everything, { categories: ['all', 'work'] }),
        resource('bindings', 'Binding', ['create']),
        resource('nodes', 'Node', Everything, { scope: 'Cluster', categories: ['all'] }),
        resource('nothing', 'Nothing', []),
      ),
    ],
  }),
  '/apis aggregated': aggregated(
    { metadata: { name: 'zoo' }, versions: [version('v1', resource('animals', 'ZAnimal', ['get', 'list']))] },
    {
      metadata: { name: 'apps' },
      versions: [
        version('v1', resource('deployments', 'Deployment', Everything, { categories: ['all'] })),
        version('v1beta1', resource('deployments', 'Deployment', Everything), resource('Zebras', 'aZebra', ['get'])),
      ],
    },
  ),
};

function named(rows: readonly ApiResource[]): string {
  return rows.map(formatGroupResource).join(' ');
}

describe('apiResources', () => {
  it.each<[string, ApiResourcesOptions, string]>([
    ['by group and name', {}, 'bindings nodes pods Zebras.apps deployments.apps animals.zoo'],
    ['by name', { sortBy: 'name' }, 'Zebras.apps animals.zoo bindings deployments.apps nodes pods'],
    ['by kind', { sortBy: 'kind' }, 'bindings deployments.apps nodes pods animals.zoo Zebras.apps'],
    ['of one group', { apiGroup: 'apps' }, 'Zebras.apps deployments.apps'],
    ['of the core group', { apiGroup: '' }, 'bindings nodes pods'],
    ['in namespaces', { namespaced: true, apiGroup: '' }, 'bindings pods'],
    ['in no namespace', { namespaced: false }, 'nodes'],
    ['with all verbs', { verbs: ['get', 'create'] }, 'nodes pods deployments.apps'],
    ['in all categories', { categories: ['all', 'work'] }, 'pods'],
    ['of nothing', { apiGroup: 'none' }, ''],
  ])('lists resources %s', async (_, options, rows) => {
    expect(named(await apiResources(serve(server).client, options))).toBe(rows);
  });

  it('gives the version that the server recommends, or the one that has it', async () => {
    const rows = await apiResources(serve(server).client, { apiGroup: 'apps' });
    expect(rows.map((row) => row.version)).toEqual(['v1beta1', 'v1']);
  });

  it('has the other rows as part of the error when a group fails', async () => {
    const { client } = serve({ ...Legacy, '/apis/apps/v1beta1': 503 });
    const error = (await failureOf(apiResources(client))) as GroupDiscoveryFailedError<ApiResource[]>;
    expect([[...error.groups.keys()], named(error.partial)]).toEqual([['apps/v1beta1'], 'pods deployments.apps']);
  });
});

describe('apiVersions', () => {
  it('lists them by their text, as kubectl does', async () => {
    const apis = aggregated(group('b', { v1: [], v1beta1: [] }), group('a', { v2: [] }), group('A', { v1: [] }));
    const core = aggregated(group('', { v1: ['pods'] }));
    const { client } = serve({ '/api aggregated': core, '/apis aggregated': apis });
    expect(await apiVersions(client)).toEqual(['A/v1', 'a/v2', 'b/v1', 'b/v1beta1', 'v1']);
  });
});
