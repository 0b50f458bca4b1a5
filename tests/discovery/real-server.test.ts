import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { formatGroupResource, formatGroupVersion } from '@client-ts/apimachinery';
import {
  type ApiResource,
  type ApiResources,
  apiResources,
  type ApiResourcesOptions,
  apiVersions,
  CachedDiscoveryClient,
  DiscoveryClient,
  type DiscoveryInterface,
  type GroupDiscoveryFailedError,
  isGroupDiscoveryFailed,
} from '@client-ts/discovery';
import { DiskCachedDiscoveryClient, withHttpCache } from '@client-ts/discovery/disk';
import { Environment } from '@client-ts/envtest';
import { OpenApiClient } from '@client-ts/openapi';
import { type Config, type Middleware, restClientFor } from '@client-ts/rest';
import { DeferredDiscoveryRESTMapper, isNoKindMatch, ShortcutExpander } from '@client-ts/restmapper';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runKubectl } from '../clientcmd/kubectl.js';
import { describeReal } from '../envtest/describe-real.js';
import { gadgetCRD } from '../envtest/gadgets.js';

/** An aggregated API whose service is not there. */
const Broken = 'broken.example.com/v1beta1';
const brokenService = {
  apiVersion: 'apiregistration.k8s.io/v1',
  kind: 'APIService',
  metadata: { name: 'v1beta1.broken.example.com' },
  spec: {
    group: 'broken.example.com',
    version: 'v1beta1',
    groupPriorityMinimum: 100,
    versionPriority: 100,
    insecureSkipTLSVerify: true,
    service: { namespace: 'default', name: 'absent' },
  },
};

describe.each([['1.37'], ['1.34']])('discovery, with kube-apiserver %s', (version) => {
  describeReal(
    `discovery ${version}`,
    ['etcd', 'kubeApiserver', 'kubectl'],
    (binaries) => withServer(version, binaries.kubectl),
    version,
  );
});

function withServer(version: string, executable: string): void {
  let environment: Environment;
  let root: string;
  let config: Config;
  /** Requests and statuses since the last look at them. */
  const seen: string[] = [];
  const taken = (): string[] => seen.splice(0);
  let places = 0;
  const cacheDirectory = (): string => path.join(root, String(places++));

  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'client-ts-discovery-'));
    environment = await Environment.start({ version });
    const record: Middleware = async (request, next) => {
      const response = await next(request);
      seen.push(`${request.url.pathname} ${response.status}`);
      return response;
    };
    config = { ...environment.config, middleware: [record] };
  });
  afterAll(async () => {
    await environment?.[Symbol.asyncDispose]();
    await rm(root, { recursive: true, force: true });
  });

  /** What kubectl prints and asks, with a cache. */
  async function kubectl(
    directory: string,
    ...args: string[]
  ): Promise<{ code: number; stdout: string; stderr: string; asked: string[] }> {
    const common = ['--kubeconfig', environment.kubeconfig, '--cache-dir', directory, '-v=8'];
    const { code, stdout, stderr } = await runKubectl(executable, [...common, ...args], { HOME: root });
    const requests = stderr.split('"Request"').slice(1);
    const asked = requests.map((request) => {
      const url = new URL(/url="([^"]*)"/.exec(request)?.[1] ?? '');
      return `${url.pathname}${/X-From-Cache: 1/i.test(request) ? ' kept' : ''}`;
    });
    return { code, stdout, stderr, asked };
  }

  describe('prints what kubectl prints', () => {
    test.for<[string, ApiResourcesOptions]>([
      ['', {}],
      ['--sort-by=name', { sortBy: 'name' }],
      ['--sort-by=kind --namespaced=true', { sortBy: 'kind', namespaced: true }],
      ['--namespaced=false --verbs=list,watch', { namespaced: false, verbs: ['list', 'watch'] }],
      ['--api-group= --categories=all', { apiGroup: '', categories: ['all'] }],
      ['--api-group=none', { apiGroup: 'none' }],
    ])('api-resources %s', async ([flags, options]) => {
      const { stdout } = await kubectl(
        cacheDirectory(),
        'api-resources',
        '-o',
        'wide',
        ...flags.split(' ').filter(Boolean),
      );
      const rows = await apiResources(new DiscoveryClient(config), options);
      expect(rows.map(cells)).toEqual(cellsOf(stdout));
    });

    test('api-versions', async () => {
      const { stdout } = await kubectl(cacheDirectory(), 'api-versions');
      expect(await apiVersions(new DiscoveryClient(config))).toEqual(stdout.trimEnd().split('\n'));
    });
  });

  test('the cached forms give what the server does, in either form', async () => {
    const plain = await new DiscoveryClient(config).groupsAndResources();
    const legacy = new DiscoveryClient(config, { useLegacyDiscovery: true });
    const peerless = new DiscoveryClient(config, { noPeerDiscovery: true });
    for (const discovery of [legacy, peerless, new CachedDiscoveryClient(legacy)]) {
      expect(inOrder(await discovery.groupsAndResources())).toEqual(inOrder(plain));
    }
  });

  describe('a cache on disk is one with that of kubectl', () => {
    test('kubectl reads what we wrote, and asks nothing', async () => {
      const directory = cacheDirectory();
      const disk = DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: directory });
      const rows = await apiResources(disk);
      const { stdout, asked } = await kubectl(directory, 'api-resources', '--cached', '-o', 'wide');
      expect([cellsOf(stdout), asked]).toEqual([rows.map(cells), []]);
      const { code, asked: forDeployments } = await kubectl(directory, 'get', 'deploy', '-A');
      expect([code, forDeployments]).toEqual([0, ['/apis/apps/v1/deployments']]);
    });

    test('we read what kubectl wrote, and ask nothing', async () => {
      const directory = cacheDirectory();
      await kubectl(directory, 'api-resources');
      const found = await new DiscoveryClient(config).groupsAndResources();
      taken();
      const disk = DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: directory });
      expect(inOrder(await disk.groupsAndResources())).toEqual(inOrder(found));
      expect([disk.fresh(), taken()]).toEqual([false, []]);
    });

    test('the files are the same', async () => {
      const [theirs, ours] = [cacheDirectory(), cacheDirectory()];
      await kubectl(theirs, 'api-resources');
      await DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: ours }).groupsAndResources();
      const names = await readdir(theirs, { recursive: true });
      expect((await readdir(ours, { recursive: true })).toSorted()).toEqual(names.toSorted());
      const documents = names.filter((name) => name.endsWith('.json'));
      expect(documents.length).toBeGreaterThan(20);
      for (const name of documents) {
        const [one, other] = await Promise.all([theirs, ours].map((root) => readFile(path.join(root, name), 'utf8')));
        expect(JSON.parse(other!), name).toEqual(JSON.parse(one!));
      }
    });

    test('answers are confirmed, whoever has asked', async () => {
      const directory = cacheDirectory();
      const disk = DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: directory });
      await disk.groups();
      // kubectl 1.34 asks for v2beta1, too, and another Accept is another document: each takes the place of the other.
      const isSame = version !== '1.34';
      const { asked } = await kubectl(directory, 'api-resources');
      expect(asked).toEqual(isSame ? ['/api kept', '/apis kept'] : ['/api', '/apis']);
      disk.invalidate();
      taken();
      await disk.groupsAndResources();
      expect(taken()).toEqual(isSame ? ['/api 304', '/apis 304'] : ['/api 200', '/apis 200']);
      disk.invalidate();
      await disk.groupsAndResources();
      expect(taken()).toEqual(['/api 304', '/apis 304']);
    });

    test('documents of OpenAPI are fetched by one of us alone', async () => {
      const directory = cacheDirectory();
      const openapi = new OpenApiClient(withHttpCache(config, { cacheDirectory: directory }));
      await kubectl(directory, 'explain', 'pods');
      taken();
      const pod = await openapi.schema({ group: '', version: 'v1', kind: 'Pod' });
      // A server that has just begun may have more documents by now, of which the index tells.
      const documents = taken().filter((request) => !request.startsWith('/openapi/v3 '));
      expect([pod.name?.endsWith('.Pod'), documents]).toEqual([true, []]);
      await openapi.document({ group: 'apps', version: 'v1' });
      const { asked } = await kubectl(directory, 'explain', 'deployments');
      expect(asked).toContain('/openapi/v3/apis/apps/v1 kept');
    });
  });

  test('the RESTMapper finds at once what the files of others do not have yet', async () => {
    const directory = cacheDirectory();
    await kubectl(directory, 'api-resources');
    await environment.installCRDs([gadgetCRD]);
    const isDiscovered = { timeout: 100_000 };
    await vi.waitFor(
      async () => expect(await apiVersions(new DiscoveryClient(config))).toContain('example.com/v1'),
      isDiscovered,
    );
    const mapper = new DeferredDiscoveryRESTMapper(
      DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: directory }),
    );
    taken();
    expect(await mapper.kindFor({ resource: 'gadgets' })).toMatchObject({ kind: 'Gadget' });
    expect(taken().map((request) => request.split(' ')[0])).toEqual(['/api', '/apis']);
  });

  describe('where an aggregated API is broken', () => {
    beforeAll(async () => {
      const target = '/apis/apiregistration.k8s.io/v1/apiservices';
      await restClientFor(environment.config).json({ method: 'POST', target, body: brokenService });
      await vi.waitFor(() => failureOf(new DiscoveryClient(environment.config)), { timeout: 100_000 });
    });

    test.for<[string, () => DiscoveryInterface]>([
      ['all at once', () => new DiscoveryClient(config)],
      ['one by one', () => new DiscoveryClient(config, { useLegacyDiscovery: true })],
      ['out of memory', () => new CachedDiscoveryClient(new DiscoveryClient(config))],
    ])('the rest is there, and the error names the group: %s', async ([, make]) => {
      const error = await failureOf(make());
      expect([...error.groups.keys()]).toEqual([Broken]);
      expect(error.message).toContain(Broken);
      const found = error.partial.resources.map(formatGroupResource);
      expect(found).toEqual(expect.arrayContaining(['pods', 'deployments.apps', 'apiservices.apiregistration.k8s.io']));
    });

    test('also in files, for who reads them later', async () => {
      const directory = cacheDirectory();
      for (const _ of ['the one that asks', 'another process']) {
        const error = await failureOf(DiskCachedDiscoveryClient.forConfig(config, { cacheDirectory: directory }));
        expect([...error.groups.keys()]).toEqual([Broken]);
      }
      const { code, stderr, stdout } = await kubectl(directory, 'api-resources', '--cached');
      expect([code, stderr.includes(`unable to retrieve the complete list of server APIs: ${Broken}`)]).toEqual([
        1,
        true,
      ]);
      expect(stdout).toMatch(/^deployments +deploy +apps\/v1/m);
    });

    test('the RESTMapper maps the rest, and says why something is missing', async () => {
      const discovery = new CachedDiscoveryClient(new DiscoveryClient(config));
      const mapper = new DeferredDiscoveryRESTMapper(discovery);
      const shortcuts = new ShortcutExpander(mapper, discovery);
      expect(await shortcuts.kindFor({ resource: 'deploy' })).toEqual({
        group: 'apps',
        version: 'v1',
        kind: 'Deployment',
      });
      expect([...(mapper.failure?.groups.keys() ?? [])]).toEqual([Broken]);
      const error: unknown = await mapper
        .restMapping({ group: 'broken.example.com', kind: 'Thing' })
        .catch((err) => err);
      if (!isNoKindMatch(error)) throw error;
      expect([...(error.cause as GroupDiscoveryFailedError).groups.keys()]).toEqual([Broken]);
    });
  });
}

async function failureOf(discovery: DiscoveryInterface): Promise<GroupDiscoveryFailedError<ApiResources>> {
  try {
    await discovery.groupsAndResources();
  } catch (error) {
    if (isGroupDiscoveryFailed(error)) return error as GroupDiscoveryFailedError<ApiResources>;
    throw error;
  }
  throw new Error('nothing is missing');
}

/** A row of `kubectl api-resources -o wide`, its empty cells left out. */
function cells(resource: ApiResource): string {
  const { shortNames, scope, kind, verbs, categories } = resource;
  const isNamespaced = String(scope === 'Namespaced');
  const row = [
    resource.resource,
    shortNames.join(),
    formatGroupVersion(resource),
    isNamespaced,
    kind,
    verbs.join(),
    categories.join(),
  ];
  return row.filter(Boolean).join(' ');
}

function cellsOf(table: string): string[] {
  return table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.trimEnd().replaceAll(/ +/g, ' '));
}

/** kubectl has no order of what is in a group version, and servers none between the two forms. */
function inOrder({ groups, resources }: ApiResources): unknown {
  const keyOf = (resource: ApiResource): string => `${formatGroupVersion(resource)} ${resource.resource}`;
  const sorted = (items: readonly string[]): string[] => items.toSorted();
  return {
    groups,
    resources: resources
      .map((resource) => ({
        ...resource,
        subresources: resource.subresources.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
        shortNames: sorted(resource.shortNames),
      }))
      .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
  };
}
