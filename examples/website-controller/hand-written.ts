import { deployments, type Deployment } from '@client-ts/api/apps/v1';
import { configMaps, type ConfigMap } from '@client-ts/api/core/v1';
import { getControllerOf, type KubernetesObject, retryOnConflict } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import {
  metaNamespaceKey,
  type ObjectKey,
  type ResourceEventHandler,
  type SharedIndexInformer,
} from '@client-ts/cache';
import { Clientset } from '@client-ts/clientset';
import { coreEvents, EventBroadcaster, type EventRecorder } from '@client-ts/events';
import { SharedInformerFactory } from '@client-ts/informers';
import type { Config, ResourceInterface } from '@client-ts/rest';
import { RateLimitingQueue } from '@client-ts/workqueue';
import { configMapFor, covers, deploymentFor } from './children.js';
import { Finalizer, type WebsiteControllerOptions } from './controller-options.js';
import { type Website, websites } from './website.js';

/**
 * The same controller as in controller.ts, without `@client-ts/controller`: what it has to do by itself then.
 *
 * Runs until `signal` aborts, and then resolves.
 */
export async function runHandWritten(config: Config, options: WebsiteControllerOptions): Promise<void> {
  const { signal, workers = 2, log = () => {} } = options;
  await using factory = new SharedInformerFactory(config, { onError: ({ message }) => log(`${message}; going on`) });
  await using broadcaster = new EventBroadcaster(coreEvents(), { onError: ({ message }) => log(message) });
  broadcaster.recordTo(config);
  const recorder = broadcaster.recorder({ component: 'website-controller' });
  await using queue = new RateLimitingQueue<ObjectKey>({ name: 'websites', signal });

  const informers = {
    websites: factory.informer(websites),
    configMaps: factory.informer(configMaps),
    deployments: factory.informer(deployments),
  };
  informers.websites.addEventHandler({
    onAdd: (website) => queue.add(metaNamespaceKey(website)),
    onUpdate: (_, website) => queue.add(metaNamespaceKey(website)),
    onDelete: ({ key }) => queue.add(key),
  });
  informers.configMaps.addEventHandler(enqueueOwner(queue));
  informers.deployments.addEventHandler(enqueueOwner(queue));

  factory.start({ signal });
  await factory.waitForCacheSync({ signal });
  options.onReady?.();

  const reconciler = new WebsiteReconciler(new Clientset(config), informers, recorder, log);
  const worker = async (): Promise<void> => {
    for await (using work of queue) {
      try {
        await reconciler.reconcile(work.item);
        queue.forget(work.item);
      } catch (error) {
        log(`${work.item}: ${error instanceof Error ? error.message : String(error)}; trying again`);
        queue.addRateLimited(work.item);
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

/** A change of a child is work on the Website that controls it. */
function enqueueOwner(queue: RateLimitingQueue): ResourceEventHandler<KubernetesObject> {
  const enqueue = (child: KubernetesObject | undefined): void => {
    const owner = child && getControllerOf(child);
    if (owner?.kind !== websites.kind) return;
    queue.add(metaNamespaceKey({ metadata: { namespace: child?.metadata?.namespace ?? '', name: owner.name } }));
  };
  return { onAdd: enqueue, onUpdate: (_, child) => enqueue(child), onDelete: ({ object }) => enqueue(object) };
}

interface Informers {
  readonly websites: SharedIndexInformer<Website>;
  readonly configMaps: SharedIndexInformer<ConfigMap>;
  readonly deployments: SharedIndexInformer<Deployment>;
}

/** Brings one Website at a time to the state that it asks for. Reads from the caches, writes to the server. */
class WebsiteReconciler {
  readonly #clientset: Clientset;
  readonly #informers: Informers;
  readonly #recorder: EventRecorder;
  readonly #log: (message: string) => void;

  constructor(clientset: Clientset, informers: Informers, recorder: EventRecorder, log: (message: string) => void) {
    this.#clientset = clientset;
    this.#informers = informers;
    this.#recorder = recorder;
    this.#log = log;
  }

  async reconcile(key: ObjectKey): Promise<void> {
    const website = this.#informers.websites.indexer.getByKey(key);
    if (!website) return; // gone for good: its finalizer has run
    if (website.metadata?.deletionTimestamp) return this.#finalize(key, website);

    await this.#addFinalizer(key, website);
    const { name = '', namespace = '' } = website.metadata ?? {};
    await this.#ensure(
      website,
      'ConfigMap',
      this.#clientset.coreV1().configMaps(namespace),
      this.#informers.configMaps.indexer.getByKey(key),
      configMapFor(website),
    );
    await this.#ensure(
      website,
      'Deployment',
      this.#clientset.appsV1().deployments(namespace),
      this.#informers.deployments.indexer.getByKey(key),
      deploymentFor(website),
    );
    await this.#updateStatus(namespace, name);
  }

  async #ensure<T extends KubernetesObject>(
    website: Website,
    kind: string,
    client: Pick<ResourceInterface<T, unknown>, 'create' | 'patch'>,
    current: T | undefined,
    desired: T,
  ): Promise<void> {
    if (!current) {
      await client.create(desired);
      this.#tell(website, 'Created', `created ${kind}`);
    } else if (!covers(current, desired)) {
      await client.patch(desired.metadata?.name ?? '', { type: 'merge', patch: desired });
      this.#tell(website, 'Repaired', `repaired ${kind}`);
    }
  }

  #tell(website: Website, reason: string, message: string): void {
    this.#log(`${message} ${metaNamespaceKey(website)}`);
    this.#recorder.event(website, 'Normal', reason, message);
  }

  /** Status is written last, on the newest version of the object: whoever reads it may rely on the rest being done. */
  async #updateStatus(namespace: string, name: string): Promise<void> {
    const client = this.#clientset.resource(websites, namespace);
    await retryOnConflict(async () => {
      const website = await client.get(name);
      const { generation = 0 } = website.metadata ?? {};
      const status: Website['status'] = {
        phase: 'Serving',
        replicas: website.spec.replicas ?? 1,
        observedGeneration: generation,
      };
      if (!covers(website.status, status)) await client.updateStatus({ ...website, status });
    });
  }

  async #addFinalizer(key: ObjectKey, website: Website): Promise<void> {
    if (website.metadata?.finalizers?.includes(Finalizer)) return;
    await this.#changeFinalizers(website, (finalizers) => [
      ...finalizers.filter((name) => name !== Finalizer),
      Finalizer,
    ]);
    this.#log(`guards ${key} with a finalizer`);
  }

  /** The finalizer holds the Website until its children are gone: nothing is left to whoever collects garbage. */
  async #finalize(key: ObjectKey, website: Website): Promise<void> {
    if (!website.metadata?.finalizers?.includes(Finalizer)) return;
    const { name = '', namespace = '' } = website.metadata;
    await ignoreNotFound(this.#clientset.appsV1().deployments(namespace).delete(name));
    await ignoreNotFound(this.#clientset.coreV1().configMaps(namespace).delete(name));
    await ignoreNotFound(
      this.#changeFinalizers(website, (finalizers) => finalizers.filter((item) => item !== Finalizer)),
    );
    this.#log(`removed the children of ${key} and let it go`);
  }

  async #changeFinalizers(website: Website, change: (finalizers: string[]) => string[]): Promise<void> {
    const { name = '', namespace = '' } = website.metadata ?? {};
    const client = this.#clientset.resource(websites, namespace);
    await retryOnConflict(async () => {
      const current = await client.get(name);
      const finalizers = change(current.metadata?.finalizers ?? []);
      await client.update({ ...current, metadata: { ...current.metadata, finalizers } });
    });
  }
}

async function ignoreNotFound(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
