import { pods } from '@client-ts/api/core/v1';
import { Closable, type ClosableIterable, reasonOf } from '@client-ts/apimachinery';
import { type Config, RestClient, restClientFor } from '@client-ts/rest';
import { ContainerLog } from './container-log.js';
import { defaultContainerOf } from './containers.js';
import { limited } from './limited.js';
import type { Piece } from './line-cutter.js';
import { type LogLine, lineOf } from './log-line.js';
import { type LogSource, PodLogError } from './pod-log-error.js';
import { expectSound, type LogOptions } from './pod-log-options.js';

export interface PodLogsOptions extends LogOptions {
  readonly namespace: string;
  readonly pod: string;
  /** Default: the one that the annotation `kubectl.kubernetes.io/default-container` names, or the first, as kubectl. */
  readonly container?: string | undefined;
}

/**
 * The log of one container, line by line. Can be iterated once; leaving the iteration, or disposing, closes the connection.
 *
 * Each line comes once, and in the order of the log, whatever happens to connections, kubelets and API servers meanwhile. What a
 * node has deleted by then cannot be had: logs that were rotated, those of deleted Pods, and those of runs before the previous one.
 *
 * Throws a {@link PodLogError} when the log cannot be read, and `signal.reason`. Once the server has answered, what may pass is waited
 * for: see `backoff` and `onRetry`. Ends when the log does; with `follow` that is when the container has ended and all has been
 * read, or the Pod is gone.
 *
 * @throws TypeError or RangeError, at once, for options that make no sense.
 */
export function podLogs(config: Config, options: PodLogsOptions): ClosableIterable<LogLine> {
  expectSound(options);
  async function* read(signal: AbortSignal): AsyncGenerator<LogLine, void, void> {
    const { source, log } = await openLog(config, options, signal);
    const { limitBytes } = options;
    for await (const pieces of limitBytes === undefined ? log : limited(log, limitBytes)) {
      for (const piece of pieces) yield lineOf(source, piece);
    }
  }
  return new Closable('a log', read, options.signal);
}

/** The log, whatever its `limitBytes`. */
export async function openLog(
  config: Config,
  { namespace, pod, container, ...options }: PodLogsOptions,
  signal: AbortSignal,
): Promise<{ readonly source: LogSource; readonly log: AsyncIterable<readonly Piece[]> }> {
  const { clock } = options;
  const client = clock ? new RestClient(config, clock) : restClientFor(config);
  const name = container ?? (await findContainer(client, { namespace, pod }, signal));
  const source = { namespace, pod, container: name };
  return { source, log: new ContainerLog(client, source, options, { signal }).read() };
}

async function findContainer(
  client: RestClient,
  { namespace, pod }: Omit<LogSource, 'container'>,
  signal: AbortSignal,
): Promise<string> {
  try {
    const found = await client.resource(pods, namespace).get(pod, { signal });
    return defaultContainerOf(found) ?? '';
  } catch (error) {
    signal.throwIfAborted();
    throw new PodLogError({ namespace, pod, container: '' }, reasonOf(error), { cause: error });
  }
}
