import { type Config, headerOf, type Transport, type TransportRequest } from '@client-ts/rest';
import { DiscoveryClient, type DiscoveryClientOptions } from './discovery-client.js';

/** What a server answers by path: a status code, a document, or no answer for this reason. May change between calls. */
export type Answers = Record<string, number | object | Error>;

export interface Served {
  readonly client: DiscoveryClient;
  readonly config: Config;
  /** Paths, in the order of requests. */
  readonly asked: string[];
  /** Of the last request to each path. */
  readonly accepted: Map<string, string | undefined>;
}

/** Aggregated documents are given only to those who ask for them. */
export function serve(answers: Readonly<Answers>, options: DiscoveryClientOptions = {}): Served {
  const asked: string[] = [];
  const accepted = new Map<string, string | undefined>();
  const transport: Transport = {
    async request(request: TransportRequest) {
      request.signal?.throwIfAborted();
      const path = request.url.pathname;
      const accept = headerOf(request, 'accept');
      asked.push(path);
      accepted.set(path, accept);
      const form = accept?.includes('APIGroupDiscoveryList') ? answers[`${path} aggregated`] : undefined;
      const answer = form ?? answers[path] ?? 404;
      if (answer instanceof Error) throw answer;
      const [status, body] = typeof answer === 'number' ? [answer, { kind: 'Status', code: answer }] : [200, answer];
      return {
        status,
        headers: { 'content-type': 'application/json' },
        body: bytes(JSON.stringify(body)),
        discard: () => Promise.resolve(),
      };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const config: Config = { host: 'http://server', transport, retry: { max: 0 } };
  return { client: new DiscoveryClient(config, options), config, asked, accepted };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

export function aggregated(...items: object[]): object {
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

export function group(name: string, versions: Record<string, string[]>, freshness = 'Current'): object {
  return {
    metadata: name === '' ? {} : { name },
    versions: Object.entries(versions).map(([version, resources]) => ({
      version,
      freshness,
      resources: resources.map((resource) => ({
        resource,
        responseKind: { group: '', version: '', kind: resource.slice(0, -1) },
        scope: 'Namespaced',
        singularResource: resource.slice(0, -1),
        verbs: ['list'],
      })),
    })),
  };
}

export function legacyGroup(name: string, versions: string[], preferred: string): object {
  const of = (version: string): object => ({ groupVersion: `${name}/${version}`, version });
  return { name, versions: versions.map(of), preferredVersion: of(preferred) };
}

export function legacyList(groupVersion: string, ...names: string[]): object {
  const resources = names.map((name) => ({ name, singularName: '', namespaced: true, kind: name, verbs: ['list'] }));
  return { kind: 'APIResourceList', groupVersion, resources };
}

export const Legacy: Answers = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', groups: [legacyGroup('apps', ['v1beta1', 'v1'], 'v1')] },
  '/api/v1': legacyList('v1', 'pods', 'pods/log'),
  '/apis/apps/v1': legacyList('apps/v1', 'deployments'),
  '/apis/apps/v1beta1': legacyList('apps/v1beta1', 'deployments', 'olds'),
};

export const AggregatedCore: Answers = { '/api aggregated': aggregated(group('', { v1: ['pods'] })) };
export const AggregatedApps: Answers = {
  '/apis aggregated': aggregated(group('apps', { v1: ['deployments'], v1beta1: ['deployments', 'olds'] })),
};
export const Aggregated: Answers = { ...AggregatedCore, ...AggregatedApps };

interface Named {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

export function names(resources: readonly Named[]): string[] {
  return resources.map(({ group: name, version, resource }) => [name, version, resource].filter(Boolean).join('/'));
}

export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it should have failed');
}
