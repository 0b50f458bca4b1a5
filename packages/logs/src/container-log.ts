import { type Pod, pods } from '@client-ts/api/core/v1';
import { reasonOf, sleep } from '@client-ts/apimachinery';
import { isBadRequest, isNotFound, isStatusError } from '@client-ts/apimachinery/errors';
import {
  DeadlineExceededError,
  isTransportError,
  type QueryValue,
  type RestClient,
  type TransportResponse,
} from '@client-ts/rest';
import { type ContainerFate, fateOf, type Run } from './container-fate.js';
import { containersOf, statusOf } from './containers.js';
import { LineCutter, type Piece } from './line-cutter.js';
import { LogPauses } from './log-pauses.js';
import { isPodLogError, type LogSource, PodLogError } from './pod-log-error.js';
import { isFollowed, type LogOptions } from './pod-log-options.js';
import { SeenLines } from './seen-lines.js';

const MaxLineBytes = 1024 * 1024;
/**
 * How often a Pod is asked again whether its container has ended when its log has: kubelets tell kube-apiserver a little later. When it
 * has not, it was the server that ended the log, as it does when a kubelet is stopped.
 */
const PatiencePolls = 2;
/** Between looks at a Pod. No container should start and end twice meanwhile: kubelets keep the logs of its last two runs. */
const PollMs = 1000;

type Query = Record<string, QueryValue>;

/** One of the requests that a log is put together from. */
interface Reading {
  readonly response: TransportResponse;
  /** No more can come behind it: a last line without a newline is one. */
  readonly isLast: boolean;
}

/**
 * The log of one container, from as many requests as it takes; each batch is what came at once.
 *
 * Until the server has answered once, failures are thrown: nobody should have to wait for what was never there.
 */
export class ContainerLog {
  readonly #client: RestClient;
  readonly #source: LogSource;
  readonly #options: LogOptions;
  readonly #signal: AbortSignal;
  readonly #seen: SeenLines;
  readonly #pauses: LogPauses;
  readonly #startMs: number;
  /** What is read; unknown as long as nobody had to know. */
  #run: Run | undefined;
  /** Where the log of the run is. */
  #place: 'current' | 'previous' | 'lost' | undefined;
  /** The container has ended, and may have been started again since: the kubelet would give the log of the next run. */
  #mayBeSucceeded = false;
  #answered: boolean;

  /**
   * @param pod - the one that is meant; another may have its name by now. Default: the one that has it.
   * @param answered - the server has answered already: failures are waited for.
   */
  constructor(
    client: RestClient,
    source: LogSource,
    options: LogOptions,
    { signal, pod, answered = false }: { signal: AbortSignal; pod?: Pod | undefined; answered?: boolean },
  ) {
    this.#client = client;
    this.#source = source;
    this.#options = options;
    this.#signal = signal;
    this.#answered = answered;
    this.#pauses = new LogPauses(source, options, client.clock);
    this.#startMs = client.clock.now();
    const sinceMs = options.sinceTime === undefined ? NaN : Date.parse(options.sinceTime);
    this.#seen = new SeenLines(Number.isNaN(sinceMs) ? undefined : Math.floor(sinceMs / 1000));
    if (pod) this.#run = { container: source.container, uid: pod.metadata?.uid, id: undefined };
  }

  async *read(): AsyncGenerator<readonly Piece[], void, void> {
    const { restarts = false } = this.#options;
    const isStaying = isFollowed(this.#options);
    let isOver = !isStaying;
    let failure: unknown;
    for (let isFirst = true; ; isFirst = false) {
      if (isStaying) {
        const fate = await this.#fate(!isFirst && failure === undefined);
        if (fate === 'gone') return;
        isOver = fate === 'over';
      }
      failure = undefined;
      try {
        if (restarts && !isFirst) yield* this.#readRestarts(isOver);
        else yield* this.#readRun(isOver);
        if (isOver) return;
      } catch (error) {
        this.#refuse(error);
        failure = error;
      }
      if (this.#seen.isLost) throw new PodLogError(this.#source, 'cannot go on without timestamps', { cause: failure });
      if (failure !== undefined) await this.#pauses.pause(this.#signal, failure);
    }
  }

  /** The run at hand: its log may have become the previous one. */
  async *#readRun(isOver: boolean): AsyncGenerator<readonly Piece[], void, void> {
    if (isOver && this.#place === 'lost') return;
    const isPrevious = this.#options.previous || (isOver && this.#place === 'previous');
    const response = await this.#open(isPrevious ? { previous: true } : { follow: !isOver });
    try {
      if (this.#mayBeSucceeded && (await this.#isOfNextRun())) yield* this.#readRun(true);
      else yield* this.#pieces({ response, isLast: isOver });
    } finally {
      await response.discard();
    }
  }

  /** Whether what the kubelet has just been asked for is the log of the run after this. It knows of that before kube-apiserver does. */
  async #isOfNextRun(): Promise<boolean> {
    for (let polls = 0; this.#mayBeSucceeded && polls < PatiencePolls; polls++) {
      await sleep(this.#client.clock, PollMs, this.#signal);
      await this.#fate(false);
    }
    return this.#place === 'previous' || this.#place === 'lost';
  }

  /**
   * What came after an interruption, which may have been a restart. The kubelet alone knows which run it will give the log of. So
   * that is asked for first and read last: what the run before wrote in the end has its place between.
   */
  async *#readRestarts(isOver: boolean): AsyncGenerator<readonly Piece[], void, void> {
    const response = await this.#open({ follow: !isOver });
    try {
      const before = await this.#open({ previous: true }).catch((error: unknown) => {
        if (isBadRequest(error)) return undefined; // there was none
        throw error;
      });
      if (before) yield* this.#pieces({ response: before, isLast: true });
      yield* this.#pieces({ response, isLast: isOver });
    } finally {
      await response.discard();
    }
  }

  async *#pieces({ response, isLast }: Reading): AsyncGenerator<readonly Piece[], void, void> {
    const cutter = new LineCutter(this.#options.maxLineBytes ?? MaxLineBytes);
    this.#seen.startStream();
    for await (const chunk of response.body) {
      const fresh = this.#new(cutter.feed(chunk));
      if (fresh.length > 0) yield fresh;
    }
    const last = isLast ? this.#new(cutter.flush()) : [];
    if (last.length > 0) yield last;
  }

  #new(pieces: readonly Piece[]): readonly Piece[] {
    const fresh: Piece[] = [];
    for (const piece of pieces) {
      const rest = this.#seen.pass(piece);
      if (rest) fresh.push(rest);
    }
    if (fresh.length > 0) this.#pauses.reset();
    return fresh;
  }

  async #open(what: Query): Promise<TransportResponse> {
    const { namespace, pod, container } = this.#source;
    const { stream, insecureSkipTLSVerifyBackend } = this.#options;
    const target = { group: '', version: 'v1', resource: 'pods', namespace, name: pod, subresource: 'log' };
    const fixed = { container, timestamps: true, stream, insecureSkipTLSVerifyBackend };
    const query = { ...fixed, ...this.#since(), ...what };
    const isFollowed = what['follow'] === true;
    const response = await this.#client.send(
      { method: 'GET', target, query },
      { signal: this.#signal, longRunning: isFollowed },
    );
    this.#answered = true;
    return response;
  }

  #since(): Query {
    const { sinceSeconds, sinceTime, tailLines } = this.#options;
    const { since } = this.#seen;
    if (since !== undefined) return { sinceTime: new Date(since * 1000).toISOString().replace('.000Z', 'Z') };
    const elapsed = Math.ceil((this.#client.clock.now() - this.#startMs) / 1000);
    return { sinceTime, tailLines, sinceSeconds: sinceSeconds && sinceSeconds + elapsed };
  }

  /**
   * What is to be expected of the container; waits for one that has not started, if that is wanted.
   *
   * @param hasEnded - its log has, in good order.
   */
  async #fate(hasEnded: boolean): Promise<ContainerFate> {
    const { restarts = false } = this.#options;
    for (let polls = 0; ; polls++) {
      let failure: unknown;
      try {
        const pod = await this.#get();
        if (pod && !containersOf(pod).some(({ name }) => name === this.#source.container))
          throw new PodLogError(this.#source, `the Pod has no such container, but ${namesOf(pod)}`);
        // Whoever waits for a container to start has been answered; for others it is an error that there is no log yet.
        this.#answered ||= restarts;
        const run = this.#runOf(pod, restarts);
        const isSame = run.id === this.#run?.id;
        const fate = fateOf(pod, run, restarts);
        // A container that waits may have run since.
        const isAwaited = restarts && fate === 'waiting' && (isSame || run.id === undefined);
        const isDoubtful = hasEnded && fate === 'running' && isSame;
        if (!isAwaited && !(isDoubtful && polls < PatiencePolls)) {
          if (isDoubtful) await this.#pauses.pause(this.#signal);
          this.#run = run;
          this.#place = pod && placeOf(pod, run);
          this.#mayBeSucceeded = this.#place === 'current' && isRestarting(pod!, run);
          return fate;
        }
      } catch (error) {
        this.#refuse(error);
        failure = error;
      }
      if (failure === undefined) await sleep(this.#client.clock, PollMs, this.#signal);
      else await this.#pauses.pause(this.#signal, failure);
    }
  }

  async #get(): Promise<Pod | undefined> {
    const { namespace, pod } = this.#source;
    try {
      return await this.#client.resource(pods, namespace).get(pod, { signal: this.#signal });
    } catch (error) {
      // That it has never been there is a failure.
      if (this.#run && isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** The run that was read before, unless it is the next that is wanted. */
  #runOf(pod: Pod | undefined, restarts: boolean): Run {
    const { container } = this.#source;
    const before = this.#run;
    const id = pod && statusOf(pod, container)?.containerID;
    return { container, uid: before ? before.uid : pod?.metadata?.uid, id: restarts ? id : (before?.id ?? id) };
  }

  /** @throws PodLogError, or the reason of an abort, when there is no use in trying again. */
  #refuse(error: unknown): void {
    this.#signal.throwIfAborted();
    if (!this.#answered || !isPassing(error, this.#options)) throw podLogError(this.#source, error);
  }
}

/** Where the log is of a run that has ended: a kubelet keeps that of one before the last. */
function placeOf(pod: Pod, { container, id }: Run): 'current' | 'previous' | 'lost' {
  const { containerID, lastState } = statusOf(pod, container) ?? {};
  if (id === undefined || containerID === undefined || id === containerID) return 'current';
  return lastState?.terminated?.containerID === id ? 'previous' : 'lost';
}

/** A container has ended that will be started again, and nothing says that this takes a while. */
function isRestarting(pod: Pod, run: Run): boolean {
  return statusOf(pod, run.container)?.state?.terminated !== undefined && fateOf(pod, run, true) === 'waiting';
}

/** Whether a failure may be over the next time. A kubelet that has just been started does not know its Pods yet (404, 400). */
function isPassing(error: unknown, options: LogOptions): boolean {
  if (isStatusError(error)) {
    const isRefused = error.code === 401 || error.code === 403;
    return isFollowed(options) ? !isRefused : error.code === 429 || error.code >= 500;
  }
  return error instanceof DeadlineExceededError || (isTransportError(error) && error.failure !== 'tls');
}

function namesOf(pod: Pod): string {
  return containersOf(pod)
    .map(({ name }) => name)
    .join(', ');
}

function podLogError(source: LogSource, error: unknown): unknown {
  if (isPodLogError(error)) return error;
  return new PodLogError(source, reasonOf(error), { cause: error });
}
