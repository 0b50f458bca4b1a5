import { isStatusError } from '@client-ts/apimachinery/errors';
import { readText } from '@client-ts/rest';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../built-in-resources.js';
import { ResourceRegistry, type ServedResource } from '../resource-registry.js';
import { AggregatedMediaType } from './aggregated-documents.js';
import { discoveryEndpoint } from './discovery-endpoint.js';

const Plain = 'application/json';

function custom(version: string, resource = 'crontabs'): ServedResource {
  return {
    group: 'stable.example.com',
    version,
    resource,
    kind: 'CronTab',
    scope: 'Namespaced',
    singular: 'crontab',
    listKind: 'CronTabList',
    verbs: ['get', 'list'],
    shortNames: ['ct'],
    categories: ['all'],
    served: [{ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: ['get'] }],
    custom: {
      preserveUnknownFields: false,
      printerColumns: [],
      selectableFields: [],
      storageVersion: 'v1',
    },
  };
}

function newRegistry(...resources: ServedResource[]): ResourceRegistry {
  const registry = new ResourceRegistry();
  registry.add([...builtInResources(), ...resources]);
  return registry;
}

async function get(
  path: string,
  accept: string | undefined = Plain,
  registry: ResourceRegistry = newRegistry(custom('v1')),
): Promise<{ type: unknown; body: unknown } | undefined> {
  const url = new URL(path, 'http://server');
  const response = discoveryEndpoint(registry)({ method: 'GET', url, headers: { accept } });
  return response && { type: response.headers['content-type'], body: JSON.parse(await readText(response.body)) };
}

describe('discoveryEndpoint', () => {
  it('lists the versions of the core group', async () => {
    expect((await get('/api'))?.body).toEqual({
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [],
    });
  });

  it('lists named groups, and never the core group', async () => {
    const { body } = (await get('/apis/'))!;
    const { groups } = body as { groups: { name: string }[] };
    expect(groups.map(({ name }) => name)).toContain('apps');
    expect(groups.map(({ name }) => name)).not.toContain('');
    expect(groups.at(-1)).toEqual({
      name: 'stable.example.com',
      versions: [{ groupVersion: 'stable.example.com/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'stable.example.com/v1', version: 'v1' },
    });
  });

  it('prefers the most stable and newest version of a group', async () => {
    const registry = newRegistry(...['v1alpha1', 'v1', 'v2beta1', 'v11', 'foo'].map((version) => custom(version)));
    const { body } = (await get('/apis/stable.example.com', Plain, registry))!;
    const { versions, preferredVersion } = body as {
      versions: { version: string }[];
      preferredVersion: { version: string };
    };
    expect(versions.map(({ version }) => version)).toEqual(['v11', 'v1', 'v2beta1', 'v1alpha1', 'foo']);
    expect(preferredVersion.version).toBe('v11');
  });

  it('lists the resources of a group version with their subresources', async () => {
    expect((await get('/apis/stable.example.com/v1'))?.body).toEqual({
      kind: 'APIResourceList',
      apiVersion: 'v1',
      groupVersion: 'stable.example.com/v1',
      resources: [
        {
          name: 'crontabs',
          singularName: 'crontab',
          namespaced: true,
          kind: 'CronTab',
          verbs: ['get', 'list'],
          shortNames: ['ct'],
          categories: ['all'],
        },
        {
          name: 'crontabs/scale',
          singularName: '',
          namespaced: true,
          group: 'autoscaling',
          version: 'v1',
          kind: 'Scale',
          verbs: ['get'],
        },
      ],
    });
  });

  it('tells everything at once when asked for aggregated discovery', async () => {
    const { type, body } = (await get('/apis', `${AggregatedMediaType},application/json`))!;
    expect(type).toBe(AggregatedMediaType);
    const { items } = body as { items: unknown[] };
    expect(items.at(-1)).toEqual({
      metadata: { name: 'stable.example.com' },
      versions: [
        {
          version: 'v1',
          resources: [
            {
              resource: 'crontabs',
              responseKind: { group: 'stable.example.com', version: 'v1', kind: 'CronTab' },
              scope: 'Namespaced',
              singularResource: 'crontab',
              verbs: ['get', 'list'],
              shortNames: ['ct'],
              categories: ['all'],
              subresources: [
                {
                  subresource: 'scale',
                  responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
                  verbs: ['get'],
                },
              ],
            },
          ],
          freshness: 'Current',
        },
      ],
    });
  });

  it.each([
    ['in any order of parameters', 'application/json;as=APIGroupDiscoveryList;v=v2;g=apidiscovery.k8s.io', true],
    ['unless plain JSON is wanted more', `application/json,${AggregatedMediaType}`, false],
    [
      'unless the version is another one',
      'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,*/*',
      false,
    ],
  ])('answers aggregated discovery %s', async (_, accept, aggregated) => {
    const { body } = (await get('/api', accept))!;
    expect((body as { kind: string }).kind).toBe(aggregated ? 'APIGroupDiscoveryList' : 'APIVersions');
  });

  it.each(['/apis', '/apis/apps', '/apis/apps/v1'])('refuses %s to those who take no JSON', async (path) => {
    const error = await get(path, 'text/html').catch((reason: unknown) => reason);
    expect(isStatusError(error) && error.code).toBe(406);
  });

  it.each(['/apis/nope', '/apis/apps/v9', '/api/v2', '/apis/apps/v1/deployments', '/foo', '/apis/__proto__'])(
    'leaves %s to others',
    async (path) => {
      expect(await get(path)).toBeUndefined();
    },
  );

  it('forgets a group with its last resource', async () => {
    const registry = newRegistry(custom('v1'));
    registry.remove([custom('v1')]);
    expect(await get('/apis/stable.example.com', Plain, registry)).toBeUndefined();
  });
});
