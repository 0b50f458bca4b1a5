import { deployments } from '@client-ts/api/apps/v1';
import { ApiServer } from '@client-ts/apiserver';
import { isConflict } from '@client-ts/apimachinery/errors';
import type { GroupVersionKind, KubernetesObject } from '@client-ts/apimachinery';
import type { DiscoveryClient } from '@client-ts/discovery';
import { headerOf, restClientFor, type Transport, type TransportRequest } from '@client-ts/rest';
import { isNoMatch } from '@client-ts/restmapper';
import { expect, test, vi } from 'vitest';
import { isNoScaleSubresource } from './no-scale-subresource-error.js';
import { discoveryScaleKindResolver } from './scale-kind-resolver.js';
import { ScalesGetter, type ScaleTarget } from './scales-getter.js';

const labels = { app: 'web' };
const web: KubernetesObject & Record<string, unknown> = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
  },
};

test.each<[string, ScaleTarget]>([
  ['a descriptor', deployments],
  ['group, version and resource', { group: 'apps', version: 'v1', resource: 'deployments' }],
  ['group and resource', { group: 'apps', resource: 'deployments' }],
  ['a resource', { resource: 'deployment' }],
  ['a kind', { group: 'apps', kind: 'Deployment' }],
  ['a kind in a version', { group: 'apps', version: 'v1', kind: 'Deployment' }],
])('what is scaled is %s', async (_, target) => {
  await using server = new ApiServer({ objects: [web] });
  const scales = new ScalesGetter(server.config()).scales('default');
  const scale = await scales.get(target, 'web');
  expect(scale).toMatchObject({ apiVersion: 'autoscaling/v1', kind: 'Scale', spec: { replicas: 1 } });
  const updated = await scales.update(target, { ...scale, spec: { replicas: 2 } });
  expect(updated.spec).toEqual({ replicas: 2 });
  const patched = await scales.patch(target, 'web', { type: 'merge', patch: { spec: { replicas: 3 } } });
  expect(patched.spec).toEqual({ replicas: 3 });
  expect((await restClientFor(server.config()).resource(deployments, 'default').get('web')).spec?.replicas).toBe(3);
  await expect(scales.update(target, { ...scale, spec: { replicas: 4 } })).rejects.toSatisfy(isConflict);
});

test('what cannot be scaled, or is not there', async () => {
  await using server = new ApiServer();
  const scales = new ScalesGetter(server.config()).scales('default');
  const pods = { group: '', version: 'v1', resource: 'pods' };
  const update = scales.update(pods, { metadata: { name: 'a' }, spec: { replicas: 1 } });
  await expect(update).rejects.toSatisfy(isNoScaleSubresource);
  await expect(update).rejects.toThrow('could not find a scale subresource of "pods" in "v1"');
  await expect(scales.get({ resource: 'nothing' }, 'a')).rejects.toSatisfy(isNoMatch);
  await expect(scales.get({ group: 'apps', kind: 'Nothing' }, 'a')).rejects.toSatisfy(isNoMatch);
});

test('a resource of an old version is asked in that, and answered in autoscaling/v1', async () => {
  const requests: string[] = [];
  const answer = {
    apiVersion: 'extensions/v1beta1',
    kind: 'Scale',
    metadata: { name: 'web' },
    spec: { replicas: 2 },
    status: { replicas: 1, selector: labels },
  };
  const resources = [
    { name: 'deployments', kind: 'Deployment' },
    { name: 'deployments/scale', kind: 'Scale' },
  ];
  const transport: Transport = {
    async request(request: TransportRequest) {
      const { method, url, body } = request;
      const sent = typeof body === 'string' ? ` ${headerOf(request, 'content-type')} ${body}` : '';
      requests.push(`${method} ${url.pathname}${url.search}${sent}`);
      const isList = url.pathname.endsWith('/v1beta1');
      async function* bytes() {
        yield new TextEncoder().encode(
          JSON.stringify(isList ? { groupVersion: 'extensions/v1beta1', resources } : answer),
        );
      }
      return { status: 200, headers: {}, body: bytes(), discard: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const scales = new ScalesGetter({ host: 'https://server', transport }).scales('ns');
  const target = { group: 'extensions', version: 'v1beta1', resource: 'deployments' };
  const expected = { ...answer, apiVersion: 'autoscaling/v1', status: { replicas: 1, selector: 'app=web' } };
  expect(await scales.get(target, 'web')).toEqual(expected);
  expect(await scales.update(target, { metadata: { name: 'web' }, spec: { replicas: 2 } }, { dryRun: true })).toEqual(
    expected,
  );
  const patch = { type: 'merge', patch: { spec: { replicas: 2 } } } as const;
  expect(await scales.patch(target, 'web', patch)).toEqual(expected);
  const path = '/apis/extensions/v1beta1/namespaces/ns/deployments/web/scale';
  expect(requests).toEqual([
    `GET ${path}`,
    'GET /apis/extensions/v1beta1',
    `PUT ${path}?dryRun=All application/json {"apiVersion":"extensions/v1beta1","kind":"Scale","metadata":{"name":"web"},"spec":{"replicas":2}}`,
    `PATCH ${path} application/merge-patch+json {"spec":{"replicas":2}}`,
  ]);
});

test('the server is asked for kinds once, and again for what has none', async () => {
  const scale: GroupVersionKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };
  const bare = { group: 'a', version: 'v1', singular: '', kind: 'Box', scope: 'Namespaced', verbs: [] } as const;
  const listed = { ...bare, shortNames: [], categories: [] };
  const subresources = [{ name: 'scale', verbs: [], ...scale }];
  const resourcesForGroupVersion = vi.fn<DiscoveryClient['resourcesForGroupVersion']>(async () => [
    { ...listed, resource: 'boxes', subresources },
    { ...listed, resource: 'lids', subresources: [] },
  ]);
  const resolver = discoveryScaleKindResolver({ resourcesForGroupVersion });
  const ask = (resource: string) => resolver.scaleKindForResource({ group: 'a', version: 'v1', resource });
  expect(await Promise.all([ask('boxes'), ask('boxes')])).toEqual([scale, scale]);
  expect(await ask('boxes')).toEqual(scale);
  expect(resourcesForGroupVersion).toHaveBeenCalledTimes(1);
  await expect(ask('lids')).rejects.toSatisfy(isNoScaleSubresource);
  await expect(ask('lids')).rejects.toSatisfy(isNoScaleSubresource);
  expect(resourcesForGroupVersion).toHaveBeenCalledTimes(3);
  const abort = new AbortController();
  resourcesForGroupVersion.mockReturnValueOnce(new Promise(() => undefined));
  const waiting = resolver.scaleKindForResource(
    { group: 'b', version: 'v1', resource: 'cups' },
    { signal: abort.signal },
  );
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});
