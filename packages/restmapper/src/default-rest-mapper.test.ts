import { defineResource } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { DefaultRESTMapper } from './default-rest-mapper.js';
import { unsafeGuessKindToResource } from './guess-resource.js';
import { isAmbiguous, isNoKindMatch, isNoMatch, isNoResourceMatch } from './mapping-errors.js';
import { apiResource, outcome } from './mappers.test.kit.js';
import type { PartialKind, PartialResource } from './rest-mapper.js';

const known = [
  'v1 pods Pod',
  'v1 events Event',
  'apps/v1 deployments Deployment',
  'apps/v1beta1 deployments Deployment',
  'storage.k8s.io/v1 storageclasses StorageClass',
  'events.k8s.io/v1 events Event',
  'storage/v1 boxes Box',
  'storage.k8s.io/v1 boxes Box',
].map((text) => apiResource(text));
const mapper = new DefaultRESTMapper(known);

test.each<[PartialResource, unknown, unknown]>([
  [{ resource: 'pods' }, ['v1 pods'], ['v1 Pod']],
  [{ resource: 'pod' }, ['v1 pods'], ['v1 Pod']],
  [{ resource: 'PODS' }, ['v1 pods'], ['v1 Pod']],
  [{ resource: 'pods', version: 'v1' }, ['v1 pods'], ['v1 Pod']],
  [{ resource: 'events' }, ['v1 events', 'events.k8s.io/v1 events'], ['v1 Event', 'events.k8s.io/v1 Event']],
  [
    { resource: 'deployments', group: 'apps' },
    ['apps/v1 deployments', 'apps/v1beta1 deployments'],
    ['apps/v1 Deployment', 'apps/v1beta1 Deployment'],
  ],
  [
    { resource: 'deployments', group: 'apps', version: 'v1beta1' },
    ['apps/v1beta1 deployments'],
    ['apps/v1beta1 Deployment'],
  ],
  [
    { resource: 'storageclass', group: 'storage' },
    ['storage.k8s.io/v1 storageclasses'],
    ['storage.k8s.io/v1 StorageClass'],
  ],
  // A group of exactly that name comes before those that begin with it.
  [{ resource: 'boxes', group: 'storage' }, ['storage/v1 boxes'], ['storage/v1 Box']],
])('what may be meant by %o', async (resource, resources, kinds) => {
  expect(await outcome(mapper.resourcesFor(resource))).toEqual(resources);
  expect(await outcome(mapper.kindsFor(resource))).toEqual(kinds);
});

test.each<[PartialResource, string]>([
  [{ resource: 'nothing' }, 'no matches for resource "nothing"'],
  [{ resource: '' }, 'no matches for resource ""'],
  [
    { resource: 'pods', group: 'apps', version: 'v1' },
    'no matches for resource "pods" in group "apps" in version "v1"',
  ],
  // Only a group that stands alone may be the beginning of one.
  [
    { resource: 'storageclasses', group: 'storage', version: 'v1' },
    'no matches for resource "storageclasses" in group',
  ],
  [{ resource: 'a\u001b[2Jb' }, 'no matches for resource "a\\u001b[2Jb"'],
])('nothing is known of %o', async (resource, message) => {
  for (const asked of [mapper.resourceFor(resource), mapper.kindFor(resource)]) {
    const error: unknown = await asked.catch((reason: unknown) => reason);
    expect([isNoResourceMatch(error), isNoMatch(error), isNoKindMatch(error), isAmbiguous(error)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect((error as Error).message).toContain(message);
  }
});

test('one answer is needed, and there are several', async () => {
  expect(await outcome(mapper.resourceFor({ resource: 'pod' }))).toBe('v1 pods');
  expect(await outcome(mapper.kindFor({ resource: 'pod' }))).toBe('v1 Pod');
  const error: unknown = await mapper.resourceFor({ resource: 'event' }).catch((reason: unknown) => reason);
  expect([isAmbiguous(error), isNoMatch(error)]).toEqual([true, false]);
  expect(error).toMatchObject({
    message:
      'resource "event" matches 2: resource "events" in version "v1", resource "events" in group "events.k8s.io" in version "v1"',
    matchingResources: [{ group: '' }, { group: 'events.k8s.io' }],
  });
  expect(await outcome(mapper.kindFor({ resource: 'event' }))).toBe(
    'resource "event" matches 2: kind "Event" in version "v1", kind "Event" in version "events.k8s.io/v1"',
  );
});

const apps = { group: 'apps', kind: 'Deployment' };

test.each<[PartialKind, readonly string[] | undefined, unknown]>([
  [apps, undefined, ['apps/v1 deployments Deployment', 'apps/v1beta1 deployments Deployment']],
  [apps, ['v1beta1'], ['apps/v1beta1 deployments Deployment']],
  [apps, ['v9', 'v1', 'v1beta1'], ['apps/v1 deployments Deployment']],
  [apps, [''], ['apps/v1 deployments Deployment', 'apps/v1beta1 deployments Deployment']],
  [{ ...apps, version: 'v1beta1' }, undefined, ['apps/v1beta1 deployments Deployment']],
  [{ ...apps, version: 'v1beta1' }, ['v1'], ['apps/v1 deployments Deployment']],
  [{ ...apps, kind: 'deployment' }, ['v1'], ['apps/v1 deployments Deployment']],
  [{ ...apps, kind: 'Nothing' }, undefined, 'no matches for kind "Nothing" in group "apps"'],
  [apps, ['v2'], 'no matches for kind "Deployment" in version "apps/v2"'],
  [apps, ['v2', 'v3'], 'no matches for kind "Deployment" in versions "apps/v2" "apps/v3"'],
  [{ group: '', kind: '__proto__' }, undefined, 'no matches for kind "__proto__" in group ""'],
])('mappings of %o in versions %o', async (kind, versions, mappings) => {
  expect(await outcome(mapper.restMappings(kind, { versions }))).toEqual(mappings);
  const first = Array.isArray(mappings) ? (mappings[0] as unknown) : mappings;
  expect(await outcome(mapper.restMapping(kind, { versions }))).toEqual(first);
});

test('a descriptor is known as it is, and comes back', async () => {
  const crontabs = defineResource()({
    group: 'stable.example.com',
    version: 'v1',
    resource: 'crontabs',
    kind: 'CronTab',
    scope: 'Namespaced',
    subresources: ['scale'],
  });
  const one = new DefaultRESTMapper([crontabs]);
  expect(await one.restMapping(crontabs)).toEqual(crontabs);
  expect(await outcome(one.resourceFor(crontabs))).toEqual('stable.example.com/v1 crontabs');
  expect(await one.resourceSingularizer('crontabs')).toBe('crontab');
});

test('the singular of a resource', async () => {
  const differing = new DefaultRESTMapper([...known, apiResource('b/v1 pods Other')]);
  expect(await mapper.resourceSingularizer('storageclasses')).toBe('storageclass');
  expect(await mapper.resourceSingularizer('events')).toBe('event');
  expect(await outcome(mapper.resourceSingularizer('nothing'))).toBe('no matches for resource "nothing"');
  expect(await outcome(differing.resourceSingularizer('pods'))).toMatch(/^resource "pods" matches 2: /);
});

test.each([
  ['Pod', 'pods', 'pod'],
  ['Endpoints', 'endpoints', 'endpoints'],
  ['Ingress', 'ingresses', 'ingress'],
  ['NetworkPolicy', 'networkpolicies', 'networkpolicy'],
  ['ReplicationController', 'replicationcontrollers', 'replicationcontroller'],
  ['lowercases', 'lowercaseses', 'lowercases'],
  ['', '', ''],
])('the resource of %s is guessed', (kind, plural, singular) => {
  expect(unsafeGuessKindToResource(kind)).toEqual({ plural, singular });
});
