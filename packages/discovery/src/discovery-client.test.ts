import type { GroupVersionKind } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, it } from 'vitest';
import type { ApiResource, ApiResources } from './api-resource.js';
import {
  Aggregated,
  aggregated,
  AggregatedApps,
  AggregatedCore,
  type Answers,
  failureOf,
  group,
  Legacy,
  legacyGroup,
  names,
  serve,
} from './discovery.test.kit.js';
import { type GroupDiscoveryFailedError, isGroupDiscoveryFailed } from './group-discovery-failed-error.js';

describe('groupsAndResources', () => {
  it('takes two requests from a server with aggregated discovery', async () => {
    const { client, asked } = serve(Aggregated);
    const { groups, resources } = await client.groupsAndResources();
    expect(asked).toEqual(['/api', '/apis']);
    expect(names(resources)).toEqual([
      'v1/pods',
      'apps/v1/deployments',
      'apps/v1beta1/deployments',
      'apps/v1beta1/olds',
    ]);
    expect(groups).toEqual([
      { name: '', versions: ['v1'], preferredVersion: 'v1' },
      { name: 'apps', versions: ['v1', 'v1beta1'], preferredVersion: 'v1' },
    ]);
  });

  it('asks for each group version where that is all there is', async () => {
    const { client, asked } = serve(Legacy);
    const { groups, resources } = await client.groupsAndResources();
    expect(asked.toSorted()).toEqual(['/api', '/api/v1', '/apis', '/apis/apps/v1', '/apis/apps/v1beta1']);
    expect(names(resources)).toEqual([
      'v1/pods',
      'apps/v1beta1/deployments',
      'apps/v1beta1/olds',
      'apps/v1/deployments',
    ]);
    expect(groups.map(({ preferredVersion }) => preferredVersion)).toEqual(['v1', 'v1']);
  });

  it('falls back when only one of the two roots is aggregated', async () => {
    const { client, asked } = serve({ ...Legacy, ...AggregatedCore });
    expect(names((await client.groupsAndResources()).resources)).toContain('apps/v1/deployments');
    expect(asked.filter((path) => path === '/api')).toHaveLength(2);
    expect(asked.filter((path) => path === '/apis')).toHaveLength(1);
  });

  // By client-go's TestDiscoveryToleratesMissingCoreGroup.
  it.each([
    ['the core group', AggregatedApps, 'apps/v1/deployments'],
    ['named groups', AggregatedCore, 'v1/pods'],
    ['the core group, the old way', { ...Legacy, '/api': 404 }, 'apps/v1/deployments'],
  ])('does without %s', async (_, answers, found) => {
    const { client } = serve(answers);
    expect(names((await client.groupsAndResources()).resources)).toContain(found);
  });

  // By client-go's TestUseLegacyDiscovery, and TestAggregatedServerGroups.
  it.each([
    [{}, '', ['/api', '/apis']],
    [{ noPeerDiscovery: true }, ';profile=nopeer', ['/api', '/apis']],
    [{ useLegacyDiscovery: true }, undefined, ['/api', '/api/v1', '/apis', '/apis/apps/v1', '/apis/apps/v1beta1']],
  ])('asks in the form of its options: %j', async (options, profile, paths) => {
    const { client, asked, accepted } = serve({ ...Legacy, ...Aggregated }, options);
    await client.groupsAndResources();
    expect(asked.toSorted()).toEqual(paths);
    const aggregatedForm = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const forms = [profile && aggregatedForm + profile, profile !== undefined && aggregatedForm, 'application/json'];
    expect(accepted.get('/apis')).toBe(forms.filter(Boolean).join(','));
  });

  it('has nothing to say of a server without any API', async () => {
    expect(await serve({}).client.groupsAndResources()).toEqual({ groups: [], resources: [] });
  });

  it('fails when a root fails in another way than being absent', async () => {
    const error = await failureOf(serve({ ...Aggregated, '/apis aggregated': 403 }).client.groupsAndResources());
    expect(isStatusError(error) && error.code).toBe(403);
  });

  // By client-go's TestAggregatedServerGroupsAndResourcesWithErrors and TestServerPreferredResourcesRetries.
  it('gives what could be found, and what could not, when a group version is stale', async () => {
    const stale = group('metrics.k8s.io', { v1: ['nodes'] }, 'Stale');
    const apis = aggregated(stale, group('apps', { v1: ['deployments'] }));
    const { client, asked } = serve({ ...Aggregated, '/apis aggregated': apis });
    const error = (await failureOf(client.groupsAndResources())) as GroupDiscoveryFailedError<ApiResources>;
    expect(isGroupDiscoveryFailed(error)).toBe(true);
    expect(error.message).toBe(
      'unable to retrieve the complete list of server APIs: metrics.k8s.io/v1: stale GroupVersion discovery: metrics.k8s.io/v1',
    );
    expect(names(error.partial.resources)).toEqual(['v1/pods', 'apps/v1/deployments']);
    expect(asked).toHaveLength(4);
  });

  it('gives what could be found when a group version cannot be read', async () => {
    const { client } = serve({ ...Legacy, '/apis/apps/v1beta1': 403 });
    const error = (await failureOf(client.groupsAndResources())) as GroupDiscoveryFailedError<ApiResources>;
    expect([...error.groups.keys()]).toEqual(['apps/v1beta1']);
    expect(names(error.partial.resources)).toEqual(['v1/pods', 'apps/v1/deployments']);
  });

  it('prefers the first version that is fresh', async () => {
    const versions = [
      { version: 'v2', freshness: 'Stale' },
      { version: 'v1', freshness: 'Current' },
    ];
    const mixed = { metadata: { name: 'a' }, versions };
    const { client } = serve({ '/apis aggregated': aggregated(mixed) });
    expect(await client.groups()).toEqual([{ name: 'a', versions: ['v1'], preferredVersion: 'v1' }]);
  });

  it('rejects with the reason of an abort, not with what it has', async () => {
    const reason = new Error('enough');
    const { client } = serve(Legacy);
    await expect(client.groupsAndResources({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

describe('subresources', () => {
  const scale: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const status: GroupVersionKind = { group: 'apps', version: 'v1', kind: 'Deployment' };

  it.each<[string, Answers]>([
    [
      'all at once',
      {
        '/apis aggregated': aggregated({
          metadata: { name: 'apps' },
          versions: [
            {
              version: 'v1',
              resources: [
                {
                  resource: 'deployments',
                  responseKind: { group: '', version: '', kind: 'Deployment' },
                  subresources: [
                    { subresource: 'scale', responseKind: scale, verbs: ['get'] },
                    { subresource: 'status', responseKind: { group: '', version: '', kind: 'Deployment' }, verbs: [] },
                  ],
                },
              ],
            },
          ],
        }),
      },
    ],
    [
      'one by one',
      {
        '/apis': { groups: [legacyGroup('apps', ['v1'], 'v1')] },
        '/apis/apps/v1': {
          groupVersion: 'apps/v1',
          resources: [
            { name: 'deployments', kind: 'Deployment' },
            { name: 'deployments/scale', ...scale, verbs: ['get'] },
            { name: 'deployments/status', kind: 'Deployment' },
          ],
        },
      },
    ],
  ])('belong to their resource, with the kind they have: %s', async (_, answers) => {
    const { resources } = await serve(answers).client.groupsAndResources();
    expect(names(resources)).toEqual(['apps/v1/deployments']);
    expect(resources[0]?.subresources).toEqual([
      { name: 'scale', ...scale, verbs: ['get'] },
      { name: 'status', ...status, verbs: [] },
    ]);
  });
});

// By client-go's TestSplitGroupsAndResources: such is subresources.kubevirt.io.
describe('subresources of what is no resource', () => {
  const consoleKind = { group: 'virt', version: 'v1', kind: 'Console' };

  it.each<[string, Answers]>([
    [
      'all at once',
      {
        '/apis aggregated': aggregated({
          metadata: { name: 'virt' },
          versions: [
            {
              version: 'v1',
              resources: [
                {
                  resource: 'machines',
                  scope: 'Namespaced',
                  subresources: [
                    { subresource: 'console', responseKind: { kind: 'Console' }, verbs: ['get'] },
                    { subresource: 'nothing' },
                  ],
                },
                { resource: 'others', subresources: [{ subresource: 'nothing' }] },
              ],
            },
          ],
        }),
      },
    ],
    [
      'one by one',
      {
        '/apis': { groups: [legacyGroup('virt', ['v1'], 'v1')] },
        '/apis/virt/v1': {
          groupVersion: 'virt/v1',
          resources: [{ name: 'machines/console', kind: 'Console', namespaced: true, verbs: ['get'] }],
        },
      },
    ],
  ])('are there, and it is not: %s', async (_, answers) => {
    const { client } = serve(answers);
    const { resources } = await client.groupsAndResources();
    expect(resources).toMatchObject([
      {
        resource: 'machines',
        kind: '',
        scope: 'Namespaced',
        verbs: [],
        subresources: [{ name: 'console', ...consoleKind, verbs: ['get'] }],
      },
    ]);
    expect(await client.preferredResources()).toEqual([]);
  });
});

// By client-go's TestServerPreferredResources and TestAggregatedServerPreferredResources.
describe('preferredResources', () => {
  it.each([
    ['all at once', Aggregated],
    ['one by one', Legacy],
  ])('has each resource in the recommended version, or the best other one: %s', async (_, answers) => {
    const preferred = await serve(answers).client.preferredResources();
    expect(names(preferred)).toEqual(['v1/pods', 'apps/v1/deployments', 'apps/v1beta1/olds']);
  });

  it('has only those of one scope, if asked for that', async () => {
    const { client } = serve(Legacy);
    const scopes = [{ scope: 'Namespaced' }, { scope: 'Cluster' }] as const;
    const lists = await Promise.all(scopes.map((options) => client.preferredResources(options)));
    expect(lists.map(({ length }) => length)).toEqual([3, 0]);
  });

  it('tells two groups with a resource of the same name apart', async () => {
    const apis = aggregated(group('a', { v1: ['things'] }), group('b', { v1: ['things'] }));
    const preferred = await serve({ '/apis aggregated': apis }).client.preferredResources();
    expect(names(preferred)).toEqual(['a/v1/things', 'b/v1/things']);
  });

  it('gives the preferred ones of what could be found', async () => {
    const { client } = serve({ ...Legacy, '/apis/apps/v1': 403 });
    const error = (await failureOf(client.preferredResources())) as GroupDiscoveryFailedError<ApiResource[]>;
    expect(names(error.partial)).toEqual(['v1/pods', 'apps/v1beta1/deployments', 'apps/v1beta1/olds']);
  });
});

// By client-go's TestGetServerResourcesForGroupVersion.
describe('resourcesForGroupVersion', () => {
  it('reads one list', async () => {
    const { client, asked } = serve(Legacy);
    const resources = await client.resourcesForGroupVersion({ group: 'apps', version: 'v1' });
    expect([names(resources), asked]).toEqual([['apps/v1/deployments'], ['/apis/apps/v1']]);
  });

  it('finds nothing in a core group that does not exist, and fails for another group', async () => {
    const { client } = serve({});
    expect(await client.resourcesForGroupVersion({ group: '', version: 'v1' })).toEqual([]);
    const error = await failureOf(client.resourcesForGroupVersion({ group: 'apps', version: 'v1' }));
    expect(isStatusError(error) && error.code).toBe(404);
  });
});

it('tells the version of the server', async () => {
  const { client } = serve({ '/version': { major: '1', minor: '37', gitVersion: 'v1.37.2', more: 1 } });
  expect(await client.serverVersion()).toMatchObject({ major: '1', minor: '37', gitVersion: 'v1.37.2' });
});
