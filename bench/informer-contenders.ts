import { type Pod, pods } from '@client-ts/api/core/v1';
import { coreV1Table } from '@client-ts/api/core/v1/protobuf';
import { DeltaFIFO, interning, type ResourceEventHandler } from '@client-ts/cache';
import { compact, metadata, SharedInformerFactory, type SharedInformerFactoryOptions } from '@client-ts/informers';
import type { Config } from '@client-ts/rest';
import { protobuf } from '@client-ts/serializer/protobuf';
import { newTransport } from '@client-ts/transport';
import { CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import type { KubernetesObject, PartialObjectMetadata } from '@client-ts/apimachinery';
import { Agent } from 'undici';
import type { Contender } from './benchmark.js';
import { watchLines } from './line-floor.js';

/** Where pods are to be had. */
export interface PodServer {
  readonly config: Config;
  readonly kubeconfig: string;
  /** Only the pods of this namespace are wanted. */
  readonly namespace?: string;
}

/** Something that holds all pods of a server, and is told of what changes. */
export interface PodHolder {
  /** So many pods are held. */
  readonly size: () => number;
  /** Resolves when it has been told of so many changes. */
  readonly changed: (count: number) => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** One that runs in this process; resolves when it has synced. */
export interface InformerContender extends Pick<Contender, 'name' | 'once'> {
  readonly start: (server: PodServer) => Promise<PodHolder>;
}

const initialEvents = 'watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';

/** The least that JavaScript can do: no checks, no index, no handlers, and no way to go on when something breaks. */
export const floor: InformerContender = {
  name: 'floor: undici, cut lines, JSON.parse, Map',
  async start({ config, namespace }) {
    const agent = new Agent({ connect: config.tls ?? {} });
    const store = new Map<string, Pod>();
    const counter = new Counter();
    const path = `/api/v1/${namespace === undefined ? '' : `namespaces/${namespace}/`}pods?${initialEvents}`;
    const { body } = await agent.request({ origin: config.host, path, method: 'GET', bodyTimeout: 0 });
    const synced = new Promise<void>((resolve, reject) => {
      watchLines(body, (line) => {
        const { type, object } = JSON.parse(line) as { type: string; object: Pod };
        if (type === 'BOOKMARK') return resolve();
        store.set(`${object.metadata?.namespace}/${object.metadata?.name}`, object);
        if (type === 'MODIFIED') counter.add();
      }).then(() => reject(new Error('the watch ended')), reject);
    });
    await synced;
    return {
      size: () => store.size,
      changed: (count) => counter.reached(count),
      stop: () => agent.destroy(),
    };
  },
};

export interface OwnOptions extends SharedInformerFactoryOptions {
  /** Speak protobuf. Default: false. */
  readonly protobuf?: boolean;
  readonly interned?: boolean;
  readonly form?: 'compact' | 'metadata';
}

/** An informer of this project with two indexes and three handlers. */
export function own(name: string, options: OwnOptions = {}): InformerContender {
  const codecs = options.protobuf ? [protobuf(coreV1Table)] : [];
  return {
    name,
    async start({ config: { host, tls }, namespace }) {
      const transport = newTransport(tls ? { tls } : {});
      const factory = new SharedInformerFactory(
        { host, ...(tls && { tls }), transport, codecs },
        { ...options, namespace },
      );
      const counter = new Counter();
      const handler: ResourceEventHandler<KubernetesObject> = { onUpdate: () => counter.add() };
      const idle: ResourceEventHandler<KubernetesObject> = { onAdd: () => undefined, onUpdate: () => undefined };
      const informer = informerOf(factory, options);
      for (const each of [handler, idle, idle]) informer.addEventHandler(each);
      factory.start();
      await factory.waitForCacheSync();
      return {
        size: () => informer.indexer.size,
        changed: (count) => counter.reached(count),
        async stop() {
          await factory[Symbol.asyncDispose]();
          await transport[Symbol.asyncDispose]();
        },
      };
    },
  };
}

interface AnyInformer {
  readonly indexer: { readonly size: number };
  addEventHandler(handler: ResourceEventHandler<KubernetesObject>): unknown;
}

function informerOf(factory: SharedInformerFactory, { form, interned }: OwnOptions): AnyInformer {
  if (form === 'compact') {
    return factory.informer(compact(pods), { indexers: { app: ({ metadata: m }) => [m?.labels?.['app'] ?? ''] } });
  }
  if (form === 'metadata') {
    return factory.informer(metadata(pods), {
      indexers: { app: ({ metadata: m }) => [m?.labels?.['app'] ?? ''] },
      ...(interned ? { transform: interning<PartialObjectMetadata>() } : {}),
    });
  }
  return factory.informer(pods, {
    indexers: { node: ({ spec }) => [spec?.nodeName ?? ''] },
    ...(interned ? { transform: interning<Pod>() } : {}),
  });
}

export const deltaFIFO: OwnOptions['newQueue'] = (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects });

export const clientNode: InformerContender = {
  name: '@kubernetes/client-node',
  async start({ kubeconfig, namespace }) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    // It speaks plain HTTP only when it is told not to mind certificates, of which there are none.
    config.clusters = config.clusters.map((each) => ({ ...each, skipTLSVerify: each.server.startsWith('http:') }));
    const api = config.makeApiClient(CoreV1Api);
    const informer =
      namespace === undefined
        ? makeInformer(config, '/api/v1/pods', () => api.listPodForAllNamespaces())
        : makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () => api.listNamespacedPod({ namespace }));
    const counter = new Counter();
    informer.on('update', () => counter.add());
    informer.on('error', () => undefined);
    // It resolves once its list is there, and the watch is asked for.
    await informer.start();
    return {
      size: () => informer.list().length,
      changed: (count) => counter.reached(count),
      stop: () => informer.stop(),
    };
  },
};

class Counter {
  #count = 0;
  #wanted = Infinity;
  #reached: () => void = () => undefined;

  add(): void {
    if (++this.#count >= this.#wanted) this.#reached();
  }

  async reached(count: number): Promise<void> {
    this.#wanted = count;
    if (this.#count < count) await new Promise<void>((resolve) => (this.#reached = resolve));
  }
}
