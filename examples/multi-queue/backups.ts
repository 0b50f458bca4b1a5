import { createHash } from 'node:crypto';
import { type ConfigMap, configMaps } from '@client-ts/api/core/v1';
import { type Clock, realClock } from '@client-ts/apimachinery';
import { cacheMetrics, metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from '@client-ts/cache';
import { Clientset } from '@client-ts/clientset';
import { SharedInformerFactory } from '@client-ts/informers';
import type { Config } from '@client-ts/rest';
import {
  type AddOptions,
  type DelayingQueueSnapshot,
  type DroppedItem,
  FairQueue,
  LowPriority,
  type MetricsProvider,
  PriorityQueue,
  queueMetrics,
  RateLimitingQueue,
  type Work,
} from '@client-ts/workqueue';

/** On a ConfigMap that has been saved: the digest of its data then. */
const Annotation = 'backup.example.com/saved';

export interface BackupsOptions {
  /** Ends `run`. What is being saved is finished first; what waits is told to {@link log}. */
  readonly signal: AbortSignal;
  /** Saves a ConfigMap far away: slow, and it may fail. */
  readonly save: (configMap: ConfigMap, reasons: readonly string[]) => Promise<void>;
  readonly metrics: MetricsProvider;
  readonly log: (message: string) => void;
  /** How many ConfigMaps are saved at the same time. Default: 4. */
  readonly workers?: number;
  /** How many of one namespace. Default: 1. */
  readonly workersPerNamespace?: number;
  readonly clock?: Clock;
}

/**
 * Saves every ConfigMap elsewhere whenever its data has changed, and notes it on the ConfigMap.
 *
 * Two steps, each with a queue of its own: to save takes turns among namespaces, so that one with thousands of ConfigMaps does not
 * keep others waiting; to note what was saved serves what users have just changed before what was there at the start.
 */
export class Backups {
  readonly #config: Config;
  readonly #options: BackupsOptions;
  readonly #saving: RateLimitingQueue;
  readonly #noting: RateLimitingQueue;
  readonly #saved = new Map<ObjectKey, string>();

  constructor(config: Config, options: BackupsOptions) {
    this.#config = config;
    this.#options = options;
    const { clock = realClock, workersPerNamespace = 1 } = options;
    const shared = { clock, metrics: queueMetrics(options.metrics) };
    this.#saving = new RateLimitingQueue({
      ...shared,
      name: 'save',
      onDropped: (dropped) => this.#report('save', dropped),
      queue: new FairQueue<ObjectKey>({
        classOf: (key) => splitMetaNamespaceKey(key).namespace,
        concurrency: workersPerNamespace,
        queue: () => new PriorityQueue(),
      }),
    });
    this.#noting = new RateLimitingQueue({
      ...shared,
      name: 'note',
      mergeDelays: true,
      onDropped: (dropped) => this.#report('note', dropped),
      queue: new PriorityQueue<ObjectKey>(),
    });
  }

  /** What waits and what is being done, for a page that shows it. */
  snapshots(): readonly DelayingQueueSnapshot[] {
    return [this.#saving.snapshot(), this.#noting.snapshot()];
  }

  async run(): Promise<void> {
    const { signal, workers = 4, metrics, log, clock = realClock } = this.#options;
    await using factory = new SharedInformerFactory(this.#config, {
      clock,
      metrics: cacheMetrics(metrics),
      onError: ({ message }) => log(message),
    });
    const { indexer } = factory.informer(configMaps);
    factory.informer(configMaps).addEventHandler({
      onAdd: (configMap, isInInitialList) =>
        this.#changed(
          configMap,
          isInInitialList ? { priority: LowPriority, reasons: ['found'] } : { reasons: ['created'] },
        ),
      onUpdate: (before, after) => {
        // A resync says that nothing has changed: that can wait, too.
        const same = before.metadata?.resourceVersion === after.metadata?.resourceVersion;
        this.#changed(after, same ? { priority: LowPriority, reasons: ['resync'] } : { reasons: ['changed'] });
      },
    });
    const api = new Clientset(this.#config).coreV1();
    const save = async ({ item, priority, reasons }: Work): Promise<void> => {
      const configMap = indexer.getByKey(item);
      if (!configMap || isSaved(configMap)) return;
      await this.#options.save(configMap, reasons);
      this.#saved.set(item, digestOf(configMap));
      this.#noting.add(item, { priority, reasons });
    };
    const note = async ({ item }: Work): Promise<void> => {
      const saved = this.#saved.get(item);
      if (saved === undefined) return;
      const { namespace, name } = splitMetaNamespaceKey(item);
      const patch = { metadata: { annotations: { [Annotation]: saved } } };
      await api.configMaps(namespace).patch(name, { type: 'merge', patch });
      this.#saved.delete(item);
    };
    factory.start({ signal });
    const working = [
      ...Array.from({ length: workers }, () => this.#work(this.#saving, save)),
      this.#work(this.#noting, note),
    ];
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // In the order of the steps, so that what has been saved is noted.
    await this.#saving[Symbol.asyncDispose]();
    await this.#noting.shutDownWithDrain({ includeQueued: true });
    await Promise.all(working);
  }

  async #work(queue: RateLimitingQueue, step: (work: Work) => Promise<void>): Promise<void> {
    for await (using work of queue) {
      try {
        await step(work);
        queue.forget(work.item);
      } catch (error) {
        this.#options.log(`${queue.name} ${work.item}: ${error instanceof Error ? error.message : String(error)}`);
        queue.addRateLimited(work.item, { ...work, reasons: [...work.reasons, 'failed'] });
      }
    }
  }

  #changed(configMap: ConfigMap, options: AddOptions): void {
    if (!isSaved(configMap)) this.#saving.add(metaNamespaceKey(configMap), options);
  }

  #report(step: string, dropped: readonly DroppedItem[]): void {
    for (const { item, was, reasons } of dropped)
      this.#options.log(`left out at the end: ${step} ${item} (${was}; ${reasons.join(', ')})`);
  }
}

function isSaved(configMap: ConfigMap): boolean {
  return configMap.metadata?.annotations?.[Annotation] === digestOf(configMap);
}

/** The same for the same data, and short. */
function digestOf({ data = {} }: ConfigMap): string {
  const entries = Object.entries(data).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 16);
}
