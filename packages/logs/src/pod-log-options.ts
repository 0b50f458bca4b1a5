import type { BackoffOptions, Clock } from '@client-ts/apimachinery';
import type { LogSource } from './pod-log-error.js';

/** A log was interrupted, and will be asked for again. */
export interface LogRetry extends LogSource {
  /** 1 for the first since a line came. */
  readonly retry: number;
  readonly delayMs: number;
  /** Why: a `StatusError` or a `TransportError`. Left out when the server ended the log although the container runs. */
  readonly error?: unknown;
}

/** Which part of a log is wanted, and how. What is said of a log is said of the whole, however often it has to be asked for. */
export interface LogOptions {
  /** Stay, and read what is written from now on, to the end of the container; says nothing with `previous`. Default: false. */
  readonly follow?: boolean | undefined;
  /**
   * With `follow`: wait for a container that has not started, and go on with the next run of one that has ended, for as long as its
   * Pod may start one. Default: false, as kubectl, for which the log ends with the container.
   */
  readonly restarts?: boolean | undefined;
  /** The log of the container before it was restarted. Default: false. */
  readonly previous?: boolean | undefined;
  /** Not older than so many seconds. */
  readonly sinceSeconds?: number | undefined;
  /** Not older than this RFC 3339 time, of which servers take whole seconds. */
  readonly sinceTime?: string | undefined;
  /** No more than so many lines, from the end. Servers count parts of lines that a runtime has cut, at 16 KiB most of them. */
  readonly tailLines?: number | undefined;
  /** No more than so many bytes of what is given, newlines and asked-for timestamps included, and not those of labels. */
  readonly limitBytes?: number | undefined;
  /**
   * Which output is read. Default: `All`. `Stdout` and `Stderr` do not go with `tailLines`; servers refuse them unless the feature gate
   * `PodLogsQuerySplitStreams` of both kube-apiserver and kubelet is on (alpha since 1.32).
   */
  readonly stream?: 'All' | 'Stdout' | 'Stderr' | undefined;
  /** Trust the kubelet whatever its certificate; the connection from client to API server is not concerned. */
  readonly insecureSkipTLSVerifyBackend?: boolean | undefined;
  /**
   * A longer line is given in parts of up to so many bytes, never less than 64, that never end in a character. Default: 1 MiB, so that
   * a container that writes no newlines does not fill the memory of who reads its log.
   */
  readonly maxLineBytes?: number | undefined;
  /**
   * Pauses between attempts to go on, which begin anew when a line has come; `steps` is how many attempts there are. Default: 0.8
   * seconds, twice as long each time up to 15, lengthened by chance by up to as much again; five attempts, and no end of them with
   * `follow`.
   */
  readonly backoff?: BackoffOptions | undefined;
  /** Told before each such pause. What it throws ends the log. */
  readonly onRetry?: ((retry: LogRetry) => void) | undefined;
  readonly clock?: Clock | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Nothing is ever added to the log of a container before it was restarted. */
export function isFollowed({ follow = false, previous = false }: LogOptions): boolean {
  return follow && !previous;
}

/** @throws RangeError, or a TypeError for options that contradict each other. */
export function expectSound({
  restarts,
  follow,
  previous,
  limitBytes = 1,
  maxLineBytes = 64,
  backoff,
}: LogOptions): void {
  if (restarts && (!follow || previous)) throw new TypeError('restarts: goes with follow, and not with previous');
  if (!(limitBytes >= 1)) throw new RangeError(`limitBytes must be at least 1, got ${limitBytes}`);
  if (!(maxLineBytes >= 64)) throw new RangeError(`maxLineBytes must be at least 64, got ${maxLineBytes}`);
  // Without a pause, whatever ends at once would be asked for in a busy loop.
  if (backoff && !(backoff.durationMs > 0))
    throw new RangeError(`backoff.durationMs must be greater than 0, got ${backoff.durationMs}`);
}
