import type { Clock } from '@client-ts/apimachinery';
import type { FakeClock } from '@client-ts/apimachinery/testing';
import type { ApiServer } from '@client-ts/apiserver';
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { FaultInjector } from '@client-ts/testing';
import type { FencingToken } from './fencing-token.js';
import type { LeaderElectionConfig } from './leader-election-config.js';
import { type ElectionOutcome, LeaderElector } from './leader-elector.js';
import { leaseLock } from './lease-lock.js';

/** An event loop that can be held up: time goes on, but neither timers nor answers are served until it goes on, late. */
class EventLoop implements Clock {
  readonly #inner: FakeClock;
  #held: (() => void)[] | undefined;

  constructor(inner: FakeClock) {
    this.#inner = inner;
  }

  now(): number {
    return this.#inner.now();
  }

  random(): number {
    return this.#inner.random();
  }

  setTimeout(callback: () => void, ms: number): unknown {
    return this.#inner.setTimeout(() => this.#serve(callback), ms);
  }

  clearTimeout(timer: unknown): void {
    this.#inner.clearTimeout(timer);
  }

  get held(): boolean {
    return this.#held !== undefined;
  }

  hold(): void {
    this.#held ??= [];
  }

  /** What came meanwhile is served, answers and timers in the order in which they came. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const each of held) each();
  }

  turn(): Promise<void> {
    return new Promise((resolve) => this.#serve(resolve));
  }

  #serve(callback: () => void): void {
    if (this.#held) this.#held.push(callback);
    else callback();
  }
}

/** One of several candidates in one process, each with an event loop and a network of its own. */
export class Candidate {
  readonly identity: string;
  readonly elector: LeaderElector;
  readonly loop: EventLoop;
  readonly faults: FaultInjector;
  /** `leading`, `aborted`, `stopped`, `leader is …`, oldest first. */
  readonly log: string[] = [];
  readonly errors: unknown[] = [];
  /** Requests, as `PUT`; and `PUT!` when its answer was lost. */
  readonly requests: string[] = [];
  /** Of the work that runs now. */
  leading: AbortSignal | undefined;
  token: FencingToken | undefined;
  /** How many of the next writes are done, and their answers lost. */
  loseAnswers = 0;
  /** A request has been sent, and may be answered. */
  onRequest: (method: string) => void = () => {};
  readonly #stop = new AbortController();
  #running: Promise<ElectionOutcome> | undefined;

  constructor(
    server: ApiServer,
    clock: FakeClock,
    identity: string,
    config: Partial<LeaderElectionConfig> & {
      /** What it does as the leader, until it is told to end. */
      readonly work?: (leading: AbortSignal) => Promise<void>;
      readonly onStarted?: (candidate: Candidate) => void;
    } = {},
  ) {
    this.identity = identity;
    this.loop = new EventLoop(clock);
    this.faults = new FaultInjector(this.#network(server.transport));
    const connection = { ...server.config(), transport: this.faults };
    const { work = untilAborted, onStarted, ...rest } = config;
    this.elector = new LeaderElector({
      lock: leaseLock(connection, { namespace: 'default', name: 'lock', identity, clock: this.loop }),
      clock: this.loop,
      onError: (error) => this.errors.push(error),
      callbacks: {
        onStartedLeading: async (leading, token) => {
          this.leading = leading;
          this.token = token;
          this.log.push('leading');
          leading.addEventListener('abort', () => this.log.push('aborted'), { once: true });
          onStarted?.(this);
          await work(leading);
        },
        onStoppedLeading: ({ led }) => this.log.push(led ? 'stopped' : 'stopped, never led'),
        onNewLeader: (leader) => this.log.push(`leader is ${leader || 'nobody'}`),
      },
      ...rest,
    });
  }

  run(): Promise<ElectionOutcome> {
    this.#running ??= this.elector.run({ signal: this.#stop.signal }).finally(() => (this.#running = undefined));
    return this.#running;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  stop(): void {
    this.#stop.abort(new Error('enough'));
  }

  #network(inner: Transport): Transport {
    return {
      request: async (request: TransportRequest): Promise<TransportResponse> => {
        this.onRequest(request.method);
        const response = await inner.request(request);
        const lost = request.method !== 'GET' && this.loseAnswers > 0;
        this.requests.push(lost ? `${request.method}!` : request.method);
        await this.loop.turn();
        if (!lost) return response;
        this.loseAnswers--;
        for await (const _ of response.body);
        throw new TransportError('reset', 'the answer is lost');
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
}

function untilAborted(leading: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (leading.aborted) resolve();
    leading.addEventListener('abort', () => resolve(), { once: true });
  });
}
