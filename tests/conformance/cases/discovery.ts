import { DiscoveryClient } from '@client-ts/discovery';
import { expect } from 'vitest';
import { type Cases, failureOf, table } from '../case.js';
import { sharedWidgets, WidgetGroup } from './samples.js';

export const discoveryCases: Cases = {
  '/api names the versions of the core group': async ({ raw }) => {
    const { json } = await raw('GET', '/api');
    expect(json()).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  },
  '/apis names groups, with the version to prefer': async ({ raw }) => {
    const { json } = await raw('GET', '/apis');
    const { kind, groups } = json() as { kind: string; groups: { name: string }[] };
    expect(kind).toBe('APIGroupList');
    expect(groups.find(({ name }) => name === 'apps')).toMatchObject({
      versions: [{ groupVersion: 'apps/v1', version: 'v1' }],
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
  },
  '/apis/apps is one of them': async ({ raw }) => {
    const { json } = await raw('GET', '/apis/apps');
    expect(json()).toMatchObject({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      preferredVersion: { version: 'v1' },
    });
  },
  'a group version lists its resources': async ({ raw }) => {
    const { json } = await raw('GET', '/apis/apps/v1');
    const { kind, groupVersion, resources } = json() as {
      kind: string;
      groupVersion: string;
      resources: { name: string }[];
    };
    expect([kind, groupVersion]).toEqual(['APIResourceList', 'apps/v1']);
    expect(resources.find(({ name }) => name === 'deployments')).toMatchObject({
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
    });
    expect(resources.find(({ name }) => name === 'deployments/scale')).toMatchObject({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
      verbs: ['get', 'patch', 'update'],
    });
  },
  ...table(
    [
      { group: '', version: 'v1', resource: 'pods' },
      { group: '', version: 'v1', resource: 'nodes' },
      { group: '', version: 'v1', resource: 'secrets' },
      { group: 'apps', version: 'v1', resource: 'statefulsets' },
      { group: 'batch', version: 'v1', resource: 'cronjobs' },
      { group: 'coordination.k8s.io', version: 'v1', resource: 'leases' },
      { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' },
    ].map((row) => ({ ...row, name: `knows ${row.resource}, all at once and one by one alike` })),
    async ({ config }, { group, version, resource }) => {
      const client = new DiscoveryClient(config);
      const { resources } = await client.groupsAndResources();
      const byName = (found: { group: string; version: string; resource: string }): boolean =>
        found.group === group && found.version === version && found.resource === resource;
      const aggregated = resources.find(byName);
      const legacy = (await client.resourcesForGroupVersion({ group, version })).find(byName);
      expect(aggregated).toBeDefined();
      expect({ ...aggregated, subresources: aggregated?.subresources.toSorted() }).toEqual({
        ...legacy,
        subresources: legacy?.subresources.toSorted(),
      });
    },
  ),
  ...table(
    [
      {
        path: '/api/v1',
        names: `bindings componentstatuses configmaps endpoints events limitranges namespaces namespaces/finalize
          namespaces/status nodes nodes/proxy nodes/status persistentvolumeclaims persistentvolumeclaims/status
          persistentvolumes persistentvolumes/status pods pods/attach pods/binding pods/ephemeralcontainers pods/eviction
          pods/exec pods/log pods/portforward pods/proxy pods/resize pods/status podtemplates replicationcontrollers
          replicationcontrollers/scale replicationcontrollers/status resourcequotas resourcequotas/status secrets
          serviceaccounts serviceaccounts/token services services/proxy services/status`,
      },
      {
        path: '/apis/apps/v1',
        names: `controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets
          replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status`,
      },
      { path: '/apis/batch/v1', names: 'cronjobs cronjobs/status jobs jobs/status' },
      { path: '/apis/coordination.k8s.io/v1', names: 'leases' },
      { path: '/apis/apiextensions.k8s.io/v1', names: 'customresourcedefinitions customresourcedefinitions/status' },
    ].map((row) => ({ ...row, name: `${row.path} lists exactly what there is, subresources included` })),
    async ({ raw }, { path, names }) => {
      const { resources } = (await raw('GET', path)).json() as { resources: { name: string }[] };
      expect(resources.map(({ name }) => name)).toEqual(names.split(/\s+/));
    },
  ),
  ...table(
    [
      { name: 'one by one', accept: 'application/json', nameOf: (group: GroupOfEither) => group.name },
      {
        name: 'all at once',
        accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
        nameOf: (group: GroupOfEither) => group.metadata?.name,
      },
    ].map((row) => ({ ...row, name: `groups come by priority, which decides what a short name means: ${row.name}` })),
    async (context, { accept, nameOf }) => {
      await sharedWidgets(context);
      const known = new Set(['coordination.k8s.io', 'apiextensions.k8s.io', 'batch', 'apps', WidgetGroup]);
      const { groups, items } = (await context.raw('GET', '/apis', { headers: { accept } })).json() as {
        groups?: GroupOfEither[];
        items?: GroupOfEither[];
      };
      const names = (groups ?? items ?? []).map(nameOf).filter((name) => known.has(name ?? ''));
      expect(names).toEqual(['apps', 'batch', 'apiextensions.k8s.io', 'coordination.k8s.io', WidgetGroup]);
    },
  ),
  'aggregated discovery says so in its content type': async ({ raw }) => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const { contentType, json } = await raw('GET', '/apis', { headers: { accept } });
    expect(contentType.replaceAll(' ', '')).toBe(
      'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    );
    expect(json()).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
  },
  '/version says which server it is': async ({ config }) => {
    expect(await new DiscoveryClient(config).serverVersion()).toMatchObject({
      major: '1',
      gitVersion: expect.stringMatching(/^v1\.\d+\.\d+/) as string,
    });
  },
  '/readyz says ok': async ({ raw }) => {
    expect(await raw('GET', '/readyz')).toMatchObject({ status: 200, text: 'ok' });
  },
  'a group that is not served: 404 in plain text': async ({ raw }) => {
    expect(await raw('GET', '/apis/nothing.example.com/v1/things')).toMatchObject({
      status: 404,
      text: '404 page not found\n',
    });
  },
  'a path that is none: 404': async ({ raw }) => {
    expect((await raw('GET', '/no/such/path')).status).toBe(404);
  },
  'a resource that is not served: NotFound': async ({ dynamic, namespace }) => {
    const client = dynamic.resource({ group: 'apps', version: 'v1', resource: 'nonsense' }).namespace(namespace);
    expect(await failureOf(client.list())).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    });
  },
};

/** A group in either kind of list. */
interface GroupOfEither {
  readonly name?: string;
  readonly metadata?: { readonly name: string };
}
