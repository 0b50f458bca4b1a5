import { apiServices } from '@client-ts/api/apiregistration/v1';
import { formatGroupVersion } from '@client-ts/apimachinery';
import { DiscoveryClient } from '@client-ts/discovery';
import {
  DeferredDiscoveryRESTMapper,
  discoveryCategoryExpander,
  isNoMatch,
  ShortcutExpander,
} from '@client-ts/restmapper';
import { type Config, restClientFor } from '@client-ts/rest';
import { expect } from 'vitest';
import { type Cases, eventually, installFleets, toyGroup } from './case.js';

const newMapper = (config: Config): DeferredDiscoveryRESTMapper =>
  new DeferredDiscoveryRESTMapper(new DiscoveryClient(config));

export const mappingCases: Cases = {
  'every resource is found by its names, and by its kind': async (config) => {
    const mapper = newMapper(config);
    const { resources } = await mapper.groupsAndResources();
    expect(resources.length).toBeGreaterThan(20);
    for (const { group, version, resource, singular, kind, scope } of resources) {
      const found = { group, version, resource };
      expect(await mapper.resourcesFor({ group, version, resource: singular })).toContainEqual(found);
      // A version that is said of no group may be that of any.
      if (group !== '') {
        expect(await mapper.resourceFor(found)).toEqual(found);
        expect(await mapper.kindFor(found)).toEqual({ group, version, kind });
      }
      const mapping = await mapper.restMapping({ group, version, kind });
      expect(mapping).toMatchObject({ group, version, kind, scope });
    }
  },
  'names that several groups have mean what kubectl takes them for': async (config) => {
    const mapper = newMapper(config);
    const names = new ShortcutExpander(mapper, mapper);
    const found = async (resource: string): Promise<string> => {
      const { resource: plural, ...place } = await names.resourceFor({ resource });
      return `${formatGroupVersion(place)} ${plural}`;
    };
    const typed = ['events', 'ev', 'deploy', 'sts', 'po', 'crd', 'endpoints'];
    expect(await Promise.all(typed.map(found))).toEqual([
      'v1 events',
      'v1 events',
      'apps/v1 deployments',
      'apps/v1 statefulsets',
      'v1 pods',
      'apiextensions.k8s.io/v1 customresourcedefinitions',
      'v1 endpoints',
    ]);
    const all = await discoveryCategoryExpander(mapper)('all');
    const text = all?.map(({ group, resource }) => [resource, group].filter(Boolean).join('.'));
    expect(text).toEqual(expect.arrayContaining(['pods', 'services', 'deployments.apps', 'jobs.batch']));
  },
  'a resource that is new is found, by what was never said to be there': async (config) => {
    const mapper = newMapper(config);
    const names = new ShortcutExpander(mapper, mapper);
    expect((await names.kindFor({ resource: 'po' })).kind).toBe('Pod');
    await installFleets(config);
    const kind = await eventually(isNoMatch, () => names.kindFor({ resource: 'ty' }));
    expect(kind).toEqual({ group: toyGroup, version: 'v1', kind: 'Toy' });
    expect(await mapper.restMapping(kind)).toMatchObject({ resource: 'fleets', subresources: ['scale'] });
    expect(await discoveryCategoryExpander(mapper)('playthings')).toEqual([{ group: toyGroup, resource: 'fleets' }]);
  },
};

/** Only a real server has other servers behind it. */
export const partialDiscoveryCases: Cases = {
  'a group whose server is down is told, and the others are found': async (config) => {
    const group = 'down.example.com';
    const service = { namespace: 'default', name: 'nobody', port: 443 };
    const spec = { group, version: 'v1', service, groupPriorityMinimum: 1000, versionPriority: 10 };
    const client = restClientFor(config).resource(apiServices);
    await client.create({ metadata: { name: `v1.${group}` }, spec: { ...spec, insecureSkipTLSVerify: true } });
    const mapper = newMapper(config);
    await eventually(
      (error) => error instanceof TypeError,
      async () => {
        mapper.reset();
        expect(await mapper.resourceFor({ resource: 'pods' })).toMatchObject({ version: 'v1' });
        if (!mapper.failure) throw new TypeError('the group is not known yet');
      },
    );
    expect([...(mapper.failure?.groups.keys() ?? [])]).toEqual([`${group}/v1`]);
    const error = (await mapper.restMapping({ group, kind: 'Lost' }).catch((reason: unknown) => reason)) as Error;
    expect(isNoMatch(error)).toBe(true);
    expect((error.cause as Error).message).toContain(`${group}/v1: stale GroupVersion discovery`);
    await client.delete(`v1.${group}`);
  },
};
