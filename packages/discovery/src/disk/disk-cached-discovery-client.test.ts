import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, it } from 'vitest';
import { Aggregated, aggregated, type Answers, failureOf, group, Legacy, names, serve } from '../discovery.test.kit.js';
import type { GroupDiscoveryFailedError } from '../group-discovery-failed-error.js';
import { cacheDirectoriesOf, defaultCacheDirectory } from './cache-directories.js';
import { type DiskCacheOptions, DiskCachedDiscoveryClient } from './disk-cached-discovery-client.js';
import { listed, temporaryPlaces } from './temporary-directory.test.kit.js';

const place = temporaryPlaces();
const Apps = { group: 'apps', version: 'v1' };
const All = ['v1/pods', 'apps/v1/deployments', 'apps/v1beta1/deployments', 'apps/v1beta1/olds'];

interface Process {
  readonly discovery: DiskCachedDiscoveryClient;
  readonly asked: string[];
}

/** A process of its own, with the directory of others. */
function begin(directory: string, answers: Answers = Aggregated, options: DiskCacheOptions = {}): Process {
  const { client, asked } = serve(answers);
  return { discovery: new DiskCachedDiscoveryClient(client, directory, options), asked };
}

/** A directory that another process has filled. */
async function filled(answers: Answers = Aggregated): Promise<string> {
  const directory = place();
  await begin(directory, answers)
    .discovery.groupsAndResources()
    .catch(() => undefined);
  return directory;
}

it('keeps all that there is to a resource', async () => {
  const scale = {
    subresource: 'scale',
    responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' },
    verbs: [],
  };
  const status = { subresource: 'status', responseKind: { kind: 'Box' }, verbs: ['get'] };
  const box = { resource: 'boxes', responseKind: { kind: 'Box' }, scope: 'Cluster', singularResource: 'box' };
  const more = { verbs: ['list'], shortNames: ['bx'], categories: ['all'], subresources: [scale, status] };
  const none = { resource: 'nobody', scope: 'Namespaced', subresources: [status] };
  const versions = [{ version: 'v1', resources: [{ ...box, ...more }, none] }];
  const answers = { '/apis aggregated': aggregated({ metadata: { name: 'a' }, versions }) };
  const directory = await filled(answers);
  const { discovery, asked } = begin(directory, answers);
  const found = await discovery.groupsAndResources();
  expect(found.resources).toHaveLength(2);
  expect([found, asked]).toEqual([await serve(answers).client.groupsAndResources(), []]);
});

// By client-go's TestCachedDiscoveryClient_Fresh.
it('shares what it knows with other processes, and does not take their word for fresh', async () => {
  const directory = place();
  const first = begin(directory);
  expect(first.discovery.fresh()).toBe(true);
  const [found, again] = await Promise.all([first.discovery.groupsAndResources(), first.discovery.groups()]);
  expect([names(found.resources), again]).toEqual([All, found.groups]);
  expect([first.discovery.fresh(), first.asked]).toEqual([true, ['/api', '/apis']]);

  const second = begin(directory);
  expect(await second.discovery.groupsAndResources()).toEqual(found);
  expect(await second.discovery.resourcesForGroupVersion(Apps)).toHaveLength(1);
  expect(await second.discovery.preferredResources()).toHaveLength(3);
  expect([second.discovery.fresh(), second.asked]).toEqual([false, []]);

  second.discovery.invalidate();
  expect(second.discovery.fresh()).toBe(true);
  await second.discovery.groups();
  await second.discovery.groupsAndResources();
  expect([second.discovery.fresh(), second.asked]).toEqual([true, ['/api', '/apis']]);
});

// By client-go's TestNewCachedDiscoveryClient_PathPerm.
it('has the files of kubectl, for the user and his group', async () => {
  const directory = await filled();
  expect(await listed(directory)).toEqual([
    '750 apps',
    '750 apps/v1',
    '660 apps/v1/serverresources.json',
    '750 apps/v1beta1',
    '660 apps/v1beta1/serverresources.json',
    '660 servergroups.json',
    '750 v1',
    '660 v1/serverresources.json',
  ]);
  const pods = { name: 'pods', singularName: 'pod', namespaced: true, kind: 'pod', verbs: ['list'] };
  const list = { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'v1', resources: [pods] };
  expect(await readFile(path.join(directory, 'v1/serverresources.json'), 'utf8')).toBe(`${JSON.stringify(list)}\n`);
});

// By client-go's TestNewCachedDiscoveryClient_TTL.
describe('what is too old is asked for again', () => {
  const ttlMs = 1000;

  it('in the process that asked', async () => {
    const clock = new FakeClock();
    const { discovery, asked } = begin(place(), Aggregated, { ttlMs, clock });
    await discovery.groups();
    await clock.advance(ttlMs);
    await discovery.groups();
    expect(asked).toHaveLength(2);
    await clock.advance(1);
    // The files are of the real time, which is later.
    discovery.invalidate();
    await discovery.groups();
    expect(asked).toHaveLength(4);
  });

  it.each(['servergroups.json', 'apps/v1/serverresources.json'])('when %s is', async (file) => {
    const directory = await filled();
    const clock = new FakeClock(Date.now());
    const old = new Date(clock.now() - ttlMs - 1);
    await utimes(path.join(directory, file), old, old);
    const { discovery, asked } = begin(directory, Aggregated, { ttlMs, clock });
    await discovery.groupsAndResources();
    expect([discovery.fresh(), asked.length]).toEqual([true, 2]);
  });

  it('a while after it was read', async () => {
    const directory = await filled();
    const clock = new FakeClock(Date.now());
    const { discovery, asked } = begin(directory, Aggregated, { ttlMs: 60_000, clock });
    await discovery.groups();
    expect([discovery.fresh(), asked.length]).toEqual([false, 0]);
    await clock.advance(60_001);
    await discovery.groups();
    expect([discovery.fresh(), asked.length]).toEqual([true, 2]);
  });
});

describe('a directory that is not whole is as good as none', () => {
  const groups = (change: object): string =>
    JSON.stringify({ kind: 'APIGroupList', apiVersion: 'v1', groups: [], ...change });
  const resources = (change: object): string =>
    JSON.stringify({ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'apps/v1', resources: [], ...change });
  const versions = (...names: string[]): object[] => names.map((version) => ({ groupVersion: version, version }));

  it.each<[string, string, string | undefined]>([
    ['no groups', 'servergroups.json', undefined],
    ['nothing', 'servergroups.json', ''],
    ['the beginning', 'servergroups.json', '{"kind":"APIGroupList","apiVersion":"v1","gro'],
    ['no object', 'servergroups.json', 'null'],
    ['another kind', 'servergroups.json', groups({ kind: 'PodList' })],
    ['another version', 'servergroups.json', groups({ apiVersion: 'v2' })],
    ['an empty list', 'servergroups.json', groups({})],
    ['no list', 'servergroups.json', groups({ groups: {} })],
    ['a group without name', 'servergroups.json', groups({ groups: [{ versions: versions('v1') }] })],
    ['no versions', 'servergroups.json', groups({ groups: [{ name: 'a', versions: 'v1' }] })],
    ['a way out', 'servergroups.json', groups({ groups: [{ name: '..', versions: versions('v1') }] })],
    ['another way out', 'servergroups.json', groups({ groups: [{ name: '', versions: versions('../v1') }] })],
    [
      'a group that nobody looked at',
      'servergroups.json',
      groups({ groups: [{ name: 'b', versions: versions('v1') }] }),
    ],
    ['no resources', 'apps/v1/serverresources.json', undefined],
    ['resources of another', 'apps/v1/serverresources.json', resources({ groupVersion: 'b/v1' })],
    ['a resource without name', 'apps/v1/serverresources.json', resources({ resources: [{ kind: 'A' }] })],
    ['a resource without kind', 'apps/v1/serverresources.json', resources({ resources: [{ name: 'a' }] })],
    [
      'verbs that are none',
      'apps/v1/serverresources.json',
      resources({ resources: [{ name: 'a', kind: 'A', verbs: 1 }] }),
    ],
    ['no list of resources', 'apps/v1/serverresources.json', resources({ resources: null })],
  ])('%s in %s', async (_, file, content) => {
    const directory = await filled();
    const place = path.join(directory, file);
    await (content === undefined ? rm(place) : writeFile(place, content));
    const { discovery, asked } = begin(directory);
    expect(names((await discovery.groupsAndResources()).resources)).toEqual(All);
    expect([discovery.fresh(), asked.length]).toEqual([true, 2]);
    // And it is whole again.
    const next = begin(directory);
    await next.discovery.groups();
    expect(next.asked).toEqual([]);
  });

  it('where a directory is in place of a file', async () => {
    const directory = place();
    await mkdir(path.join(directory, 'servergroups.json'), { recursive: true });
    const { discovery } = begin(directory);
    expect(await discovery.groups()).toHaveLength(2);
  });
});

it('is read whole while many write it', async () => {
  const directory = place();
  const processes = Array.from({ length: 8 }, () => begin(directory));
  const writes = processes.map(async ({ discovery }) => {
    for (let round = 0; round < 5; round++) {
      discovery.invalidate();
      expect(names((await discovery.groupsAndResources()).resources)).toEqual(All);
    }
  });
  await processes[0]?.discovery.groupsAndResources();
  for (let round = 0; round < 20; round++) {
    const { discovery, asked } = begin(directory);
    expect(names((await discovery.groupsAndResources()).resources)).toEqual(All);
    expect(asked).toEqual([]);
  }
  await Promise.all(writes);
  expect((await listed(directory)).filter((line) => !line.endsWith('.json'))).toHaveLength(4);
});

it('works where nothing can be written', async () => {
  const directory = place();
  await mkdir(path.dirname(directory), { recursive: true });
  await writeFile(directory, 'a file');
  const { discovery, asked } = begin(directory);
  await discovery.groups();
  expect(names((await discovery.groupsAndResources()).resources)).toEqual(All);
  expect(asked).toHaveLength(2);
});

it('leaves no trace of names that lead elsewhere', async () => {
  const apis = aggregated(
    group('../../evil', { v1: ['pods'] }),
    group('ok', { 'v1/../../..': ['pods'], v1: ['pods'] }),
  );
  const directory = await filled({ '/apis aggregated': apis });
  expect(await listed(path.dirname(directory))).toEqual([
    '750 cache',
    '750 cache/ok',
    '750 cache/ok/v1',
    '660 cache/ok/v1/serverresources.json',
    '660 cache/servergroups.json',
  ]);
});

describe('a group version that failed', () => {
  const stale = group('metrics.k8s.io', { v1beta1: [] }, 'Stale');
  const staleServer = { ...Aggregated, '/apis aggregated': aggregated(group('apps', { v1: ['deployments'] }), stale) };

  it.each<[string, Answers, string, string[]]>([
    ['all at once', staleServer, 'metrics.k8s.io/v1beta1', ['v1/pods', 'apps/v1/deployments']],
    ['one by one', { ...Legacy, '/apis/apps/v1beta1': 403 }, 'apps/v1beta1', ['v1/pods', 'apps/v1/deployments']],
  ])('is an error in every process, until it is there: %s', async (_, answers, failed, found) => {
    const directory = await filled(answers);
    const { discovery } = begin(directory, answers);
    const error = (await failureOf(discovery.groupsAndResources())) as GroupDiscoveryFailedError<{ resources: [] }>;
    expect([[...error.groups.keys()], names(error.partial.resources)]).toEqual([[failed], found]);
    const well = begin(directory);
    expect(names((await well.discovery.groupsAndResources()).resources)).toEqual(All);
  });
});

it('looks once for a group version that others do not know', async () => {
  const directory = await filled();
  const apis = aggregated(group('new', { v1: ['things'] }));
  const { discovery, asked } = begin(directory, { '/apis aggregated': apis });
  expect(await discovery.resourcesForGroupVersion(Apps)).toHaveLength(1);
  expect(names(await discovery.resourcesForGroupVersion({ group: 'new', version: 'v1' }))).toEqual(['new/v1/things']);
  expect(isNotFound(await failureOf(discovery.resourcesForGroupVersion(Apps)))).toBe(true);
  expect(asked).toEqual(['/api', '/apis']);
});

it('asks each time for the version of the server', async () => {
  const { discovery, asked } = begin(place(), { '/version': { gitVersion: 'v1.37.2' } });
  for (const _ of [1, 2]) await discovery.serverVersion();
  expect(asked).toEqual(['/version', '/version']);
});

// By client-go's TestComputeDiscoverCacheDir.
it.each([
  ['https://localhost:8080', 'localhost_8080'],
  ['http://localhost:8080', 'localhost_8080'],
  ['localhost', 'localhost'],
  ['https://[::1]:6443', '___1__6443'],
  ['https://proxy.example/k8s/clusters/c-1?a=b', 'proxy.example/k8s/clusters/c_1_a_b'],
  ['https://größe.example', 'gr__e.example'],
  ['https://a/../../b/./c/', 'a/b/c'],
])('keeps what is of %s in %s', (host, name) => {
  expect(cacheDirectoriesOf('/cache', host)).toEqual({
    discovery: path.join('/cache/discovery', name),
    http: '/cache/http',
  });
});

it.each([
  [{ KUBECACHEDIR: '/elsewhere', HOME: '/home/me' }, '/elsewhere'],
  [{ KUBECACHEDIR: '', HOME: '/home/me' }, '/home/me/.kube/cache'],
])('is where kubectl is: %j', (env, directory) => {
  expect(defaultCacheDirectory(env)).toBe(directory);
});
