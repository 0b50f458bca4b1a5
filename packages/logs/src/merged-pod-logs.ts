import { type Pod, pods } from '@client-ts/api/core/v1';
import { Closable, type ClosableIterable, onAbort } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { Reflector, UndeltaStore } from '@client-ts/cache';
import { type Config, RestClient, restClientFor } from '@client-ts/rest';
import { ContainerLog } from './container-log.js';
import { containersOf, defaultContainerOf, hasStarted, isOver } from './containers.js';
import { limited } from './limited.js';
import type { Piece } from './line-cutter.js';
import { type LogLine, lineOf } from './log-line.js';
import { Merged } from './merged.js';
import { type LogSource, PodLogError } from './pod-log-error.js';
import { expectSound, isFollowed, type LogOptions } from './pod-log-options.js';

export interface MergedPodLogsOptions extends LogOptions {
  /** One namespace, or `NamespaceAll`. */
  readonly namespace: string;
  /** Which Pods: `app=web`. Default: all of the namespace. */
  readonly labelSelector?: string | undefined;
  /** Which Pods: `metadata.name=web` for one, `spec.nodeName=node-1` for those of a node. Default: all of the namespace. */
  readonly fieldSelector?: string | undefined;
  /**
   * All containers of each Pod, those that initialize it first, and those that are added while it runs. Default: false, which is the
   * one that the annotation `kubectl.kubernetes.io/default-container` names, or the first.
   */
  readonly allContainers?: boolean | undefined;
  /**
   * With `follow`: no more logs are read at the same time; others wait until one has ended, and `onError` is told of each. Default: 5,
   * as kubectl, since each is a connection through kube-apiserver to a kubelet.
   */
  readonly maxLogRequests?: number | undefined;
  /**
   * With `follow`: end when all logs have that were selected, as `kubectl logs -f -l` does; at once when there are none. Containers that
   * have not started are waited for, as long as their Pod may start them. Default: false: another Pod may always join.
   */
  readonly untilEnded?: boolean | undefined;
  /**
   * Told of each log that could not be read, or not to its end, while the others go on; and of failures to follow which Pods there
   * are. Default: `console.error`. What it throws ends the logs.
   */
  readonly onError?: ((error: Error) => void) | undefined;
}

/** Of kubectl's `--max-log-requests`. */
const DefaultMaxLogRequests = 5;

interface Log {
  readonly source: LogSource;
  readonly controller: AbortController;
}

interface Batch {
  readonly source: LogSource;
  readonly pieces: readonly Piece[];
}

/**
 * The logs of many containers, line by line, each with its source. Can be iterated once; leaving the iteration, or disposing, closes all
 * connections.
 *
 * Without `follow` one log comes after the other: Pods by name, containers in the order of their Pod. With `follow` the lines of one
 * container are in the order of its log, each comes once, and none comes within another; among containers they are in the order in
 * which they arrive, whatever their times. Pods that join are read from their first line on, unless `sinceSeconds`, `sinceTime` or
 * `tailLines` say otherwise, which are those of each log, as is `limitBytes`. Of a Pod that is not selected any more no more is read, and
 * of one that is deleted what its node still gives.
 *
 * Nothing but its signal ends it with `follow`, unless `untilEnded` says otherwise; it then throws `signal.reason`. Whoever reads slowly
 * lets all wait: of each log one chunk from the network is kept.
 *
 * @throws TypeError or RangeError, at once, for options that make no sense.
 */
export function mergedPodLogs(config: Config, options: MergedPodLogsOptions): ClosableIterable<LogLine> {
  expectSound(options);
  const { maxLogRequests = DefaultMaxLogRequests, clock } = options;
  if (!(maxLogRequests >= 1)) throw new RangeError(`maxLogRequests must be at least 1, got ${maxLogRequests}`);
  const client = clock ? new RestClient(config, clock) : restClientFor(config);
  async function* read(signal: AbortSignal): AsyncGenerator<LogLine, void, void> {
    const logs = new MergedLogs(client, options, isFollowed(options) ? maxLogRequests : 1, signal);
    for await (const { source, pieces } of logs.read()) {
      for (const piece of pieces) yield lineOf(source, piece);
    }
  }
  return new Closable('merged logs', read, options.signal);
}

class MergedLogs {
  readonly #client: RestClient;
  readonly #options: MergedPodLogsOptions;
  readonly #signal: AbortSignal;
  readonly #merged: Merged<Batch>;
  /** Those that are read, were read, or wait for it; by the uid of their Pod, and their name. */
  readonly #known = new Map<string, Map<string, Log>>();

  constructor(client: RestClient, options: MergedPodLogsOptions, maxSources: number, signal: AbortSignal) {
    this.#client = client;
    this.#options = options;
    this.#signal = signal;
    this.#merged = new Merged(maxSources);
  }

  async *read(): AsyncGenerator<Batch, void, void> {
    const unlink = onAbort(this.#signal, () => this.#merged.fail(this.#signal.reason));
    try {
      if (isFollowed(this.#options)) this.#watch();
      else await this.#list();
      yield* this.#merged.values();
    } finally {
      unlink();
    }
  }

  async #list(): Promise<void> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    const selectors = { labelSelector, fieldSelector, signal: this.#signal };
    const { items } = await this.#client.resource(pods, namespace).list(selectors);
    for (const pod of items.toSorted(byName)) this.#read(pod, this.#containersOf(pod));
    this.#merged.isComplete = true;
  }

  #watch(): void {
    const { namespace, labelSelector, fieldSelector, clock, backoff } = this.#options;
    const store = new UndeltaStore<Pod>((selected) => this.#follow(selected));
    const reflector = new Reflector(this.#client.resource(pods, namespace), store, {
      name: 'pods',
      clock,
      backoff,
      tweakListOptions: (options) => ({ ...options, labelSelector, fieldSelector }),
      onError: (error) => this.#report(error),
    });
    reflector.run({ signal: this.#signal }).catch((error: unknown) => this.#merged.fail(error));
  }

  #follow(selected: readonly Pod[]): void {
    const uids = new Set(selected.map(uidOf));
    for (const [uid, logs] of this.#known) {
      if (uids.has(uid)) continue;
      this.#known.delete(uid);
      this.#leave(uid, [...logs.values()]).catch((error: unknown) => this.#merged.fail(error));
    }
    let isComplete = this.#options.untilEnded ?? false;
    for (const pod of selected) {
      const wanted = this.#containersOf(pod);
      const started = wanted.filter((name) => hasStarted(pod, name));
      this.#read(pod, started);
      if (started.length < wanted.length && !isOver(pod)) isComplete = false;
    }
    this.#merged.isComplete = isComplete;
  }

  #containersOf(pod: Pod): string[] {
    if (this.#options.allContainers) return containersOf(pod).map(({ name }) => name);
    return [defaultContainerOf(pod) ?? []].flat();
  }

  #read(pod: Pod, containers: readonly string[]): void {
    const logs = this.#known.get(uidOf(pod)) ?? new Map<string, Log>();
    this.#known.set(uidOf(pod), logs);
    for (const container of containers) {
      if (logs.has(container)) continue;
      const source = { namespace: pod.metadata?.namespace ?? '', pod: pod.metadata?.name ?? '', container };
      const log = { source, controller: new AbortController() };
      logs.set(container, log);
      if (isFollowed(this.#options) && this.#merged.isFull) {
        const { maxLogRequests = DefaultMaxLogRequests } = this.#options;
        const why = `waits until one of ${maxLogRequests} others has ended (maxLogRequests)`;
        this.#report(new PodLogError(source, why));
      }
      this.#merged.add(() => this.#batches(pod, log));
    }
  }

  async *#batches(pod: Pod, { source, controller }: Log): AsyncGenerator<Batch, void, void> {
    const { limitBytes } = this.#options;
    const abort = (): void => controller.abort(this.#signal.reason);
    const unlink = onAbort(this.#signal, abort);
    if (this.#signal.aborted) abort();
    const { signal } = controller;
    try {
      signal.throwIfAborted();
      const log = new ContainerLog(this.#client, source, this.#options, { signal, pod, answered: true }).read();
      const pieces = limitBytes === undefined ? log : limited(log, limitBytes);
      for await (const each of pieces) yield { source, pieces: each };
    } catch (error) {
      // Of a log that was left nobody wants to hear any more.
      if (!signal.aborted) this.#report(error as Error);
    } finally {
      unlink();
    }
  }

  /** Ends the logs of a Pod that is not selected any more. Those of one that was deleted end by themselves, with their last line. */
  async #leave(uid: string, logs: readonly Log[]): Promise<void> {
    const { namespace = '', pod = '' } = logs[0]?.source ?? {};
    if (logs.length === 0 || this.#signal.aborted) return;
    try {
      const found = await this.#client.resource(pods, namespace).get(pod, { signal: this.#signal });
      if (uidOf(found) !== uid) return;
    } catch (error) {
      if (isNotFound(error) || this.#signal.aborted) return;
      this.#report(error as Error);
    }
    for (const { controller } of logs) controller.abort(new Error('the Pod is not selected any more'));
  }

  #report(error: Error): void {
    try {
      (this.#options.onError ?? console.error)(error);
    } catch (thrown) {
      this.#merged.fail(thrown);
    }
  }
}

function uidOf({ metadata }: Pod): string {
  return metadata?.uid ?? '';
}

function byName(one: Pod, other: Pod): number {
  const [a, b] = [nameOf(one), nameOf(other)];
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameOf({ metadata }: Pod): string {
  return `${metadata?.namespace} ${metadata?.name}`;
}
