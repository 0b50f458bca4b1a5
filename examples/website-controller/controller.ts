import { type Deployment, deployments } from '@client-ts/api/apps/v1';
import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { ObjectKey } from '@client-ts/cache';
import {
  addFinalizer,
  Controller,
  hasFinalizer,
  owned,
  ReadYourWrites,
  type ReconcileContext,
  type ReconcileRequest,
  removeFinalizer,
} from '@client-ts/controller';
import { coreEvents, EventBroadcaster } from '@client-ts/events';
import { SharedInformerFactory } from '@client-ts/informers';
import { type Config, type ResourceClient, restClientFor } from '@client-ts/rest';
import { configMapFor, covers, deploymentFor } from './children.js';
import { Finalizer, type WebsiteControllerOptions } from './controller-options.js';
import { type Website, websites } from './website.js';

/**
 * Makes each Website own a ConfigMap and a Deployment of its name, and keeps them as the Website says.
 *
 * Runs until `signal` aborts, and then resolves.
 */
export async function runWebsiteController(config: Config, options: WebsiteControllerOptions): Promise<void> {
  const { signal, workers = 2, log = () => {} } = options;
  await using factory = new SharedInformerFactory(config, { onError: ({ message }) => log(`${message}; going on`) });
  await using broadcaster = new EventBroadcaster(coreEvents(), { onError: ({ message }) => log(message) });
  broadcaster.recordTo(config);
  const resources = newResources(config, factory);
  const reconciler = new WebsiteReconciler(resources, log);
  await using controller = new Controller<Website>({
    name: 'websites',
    primary: resources.websites,
    sources: [owned(resources.configMaps, websites), owned(resources.deployments, websites)],
    informers: factory,
    concurrency: workers,
    recorder: broadcaster.recorder({ component: 'website-controller' }),
    reconcile: (request, context) => reconciler.reconcile(request, context),
    onError: ({ message }) => log(`${message}; trying again`),
  });
  await controller.warmUp({ signal });
  options.onReady?.();
  await controller.run({ signal });
}

/** A resource as the controller reads and writes it: what it wrote it reads at once. */
type Resource<T extends KubernetesObject> = ReadYourWrites<T, ResourceClient<T, unknown>>;

interface Resources {
  readonly websites: Resource<Website>;
  readonly configMaps: Resource<ConfigMap>;
  readonly deployments: Resource<Deployment>;
}

function newResources(config: Config, factory: SharedInformerFactory): Resources {
  const client = restClientFor(config);
  const resourceOf = <T extends KubernetesObject>(descriptor: ResourceDescriptor<T>): Resource<T> =>
    new ReadYourWrites(factory.informer(descriptor), (namespace) => client.resource(descriptor, namespace));
  return {
    websites: resourceOf(websites),
    configMaps: resourceOf(configMaps),
    deployments: resourceOf(deployments),
  };
}

/** Says what was done about the Website at hand: in the log, and in an Event, as `kubectl describe` shows it. */
type Tell = (reason: string, message: string) => void;

/** Brings one Website at a time to the state that it asks for. Reads from the caches, writes to the server. */
class WebsiteReconciler {
  readonly #resources: Resources;
  readonly #log: (message: string) => void;

  constructor(resources: Resources, log: (message: string) => void) {
    this.#resources = resources;
    this.#log = log;
  }

  async reconcile(
    { key, namespace }: ReconcileRequest,
    { object: website, signal, recorder }: ReconcileContext<Website>,
  ): Promise<void> {
    if (!website) return; // gone for good: its finalizer has run
    const client = this.#resources.websites.client(namespace);
    if (website.metadata?.deletionTimestamp) return this.#finalize(key, website, signal);
    if (!hasFinalizer(website, Finalizer)) this.#log(`guards ${key} with a finalizer`);
    const guarded = await addFinalizer(client, website, Finalizer, { signal });

    const tell: Tell = (reason, message) => {
      this.#log(`${message} ${key}`);
      recorder?.event(website, 'Normal', reason, message);
    };
    await this.#ensure('ConfigMap', this.#resources.configMaps, configMapFor(guarded), tell, signal);
    await this.#ensure('Deployment', this.#resources.deployments, deploymentFor(guarded), tell, signal);

    // Last: whoever reads it may rely on the rest being done. Of a Website that has changed since, the next reconcile tells.
    const { generation = 0 } = guarded.metadata ?? {};
    const replicas = guarded.spec.replicas ?? 1;
    const status: Website['status'] = { phase: 'Serving', replicas, observedGeneration: generation };
    if (!covers(guarded.status, status)) await client.updateStatus({ ...guarded, status }, { signal });
  }

  async #ensure<T extends KubernetesObject>(
    kind: string,
    resource: Resource<T>,
    desired: T,
    tell: Tell,
    signal: AbortSignal,
  ): Promise<void> {
    const { name = '', namespace = '' } = desired.metadata ?? {};
    const client = resource.client(namespace);
    const current = resource.indexer.getByKey(`${namespace}/${name}`);
    if (!current) {
      await client.create(desired, { signal });
      tell('Created', `created ${kind}`);
    } else if (!covers(current, desired)) {
      await client.patch(name, { type: 'merge', patch: desired }, { signal });
      tell('Repaired', `repaired ${kind}`);
    }
  }

  /** The finalizer holds the Website until its children are gone: nothing is left to whoever collects garbage. */
  async #finalize(key: ObjectKey, website: Website, signal: AbortSignal): Promise<void> {
    if (!hasFinalizer(website, Finalizer)) return;
    const { name = '', namespace = '' } = website.metadata ?? {};
    for (const resource of [this.#resources.deployments, this.#resources.configMaps])
      await ignoreNotFound(resource.client(namespace).delete(name, { signal }));
    await removeFinalizer(this.#resources.websites.client(namespace), website, Finalizer, { signal });
    this.#log(`removed the children of ${key} and let it go`);
  }
}

async function ignoreNotFound(promise: Promise<unknown>): Promise<void> {
  try {
    await promise;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
