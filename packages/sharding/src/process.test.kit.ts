import { type Clock, sleep } from '@client-ts/apimachinery';
import type { FakeClock } from '@client-ts/apimachinery/testing';
import type { ApiServer } from '@client-ts/apiserver';
import { type Transport, TransportError, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { FaultInjector } from '@client-ts/testing';
import type { OwnedObject } from './ownership.js';
import { ShardMember } from './shard-member.js';
import type { ShardMemberOptions } from './sharding-config.js';

/**
 * The event loop and the clock of one process. It can be held up: time goes on, but neither timers nor answers are served until it
 * goes on, late. Its clock is off, and may go too fast or too slow.
 */
class EventLoop implements Clock {
  readonly #inner: FakeClock;
  readonly #start: number;
  readonly #rate: number;
  readonly #offMs: number;
  #held: (() => void)[] | undefined;

  constructor(inner: FakeClock, rate: number, offMs: number) {
    this.#inner = inner;
    this.#start = inner.now();
    this.#rate = rate;
    this.#offMs = offMs;
  }

  now(): number {
    return this.#start + this.#offMs + (this.#inner.now() - this.#start) * this.#rate;
  }

  random(): number {
    return this.#inner.random();
  }

  setTimeout(callback: () => void, ms: number): unknown {
    return this.#inner.setTimeout(() => this.#serve(callback), ms / this.#rate);
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

  /** What came meanwhile is served, in the order in which it came. */
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

export interface ProcessOptions extends Partial<ShardMemberOptions> {
  /** Of its clock. Default: 1. */
  readonly rate?: number;
  readonly offMs?: number;
  /** How long it takes to end work on what it gives up. Default: 0. */
  readonly endingMs?: number;
}

/** A member as a process of its own, in virtual time: it has its own event loop, clock and network. */
export class Process {
  readonly member: ShardMember;
  readonly loop: EventLoop;
  readonly faults: FaultInjector;
  readonly errors: unknown[] = [];
  /** `acquired …`, `gives up …`, `ended …`: the shards of the objects that were asked about. */
  readonly log: string[] = [];
  /** How many of the next writes are done, and their answers lost. */
  loseAnswers = 0;
  /** Of the shards that it still works on, though it has been told to give them up. */
  readonly ending = new Set<number>();
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(
    server: ApiServer,
    clock: FakeClock,
    identity: string,
    objects: readonly OwnedObject[],
    { rate = 1, offMs = 0, endingMs = 0, ...options }: ProcessOptions = {},
  ) {
    this.loop = new EventLoop(clock, rate, offMs);
    this.faults = new FaultInjector(this.#network(server.transport));
    this.member = new ShardMember(
      { ...server.config(), transport: this.faults },
      {
        namespace: 'default',
        name: 'group',
        identity,
        shards: objects.length,
        leaseDurationMs: 3000,
        renewDeadlineMs: 2000,
        retryPeriodMs: 500,
        clock: this.loop,
        onError: (error) => this.errors.push(error),
        ...options,
      },
    );
    const named = (isOne: (object: OwnedObject) => boolean): number[] =>
      objects.flatMap((each, n) => (isOne(each) ? [n] : []));
    this.member.onAcquire((gained) => this.log.push(`acquired ${named(gained).join()}`));
    this.member.onRelease(async (lost) => {
      const shards = named(lost);
      this.log.push(`gives up ${shards.join()}`);
      for (const shard of shards) this.ending.add(shard);
      await sleep(this.loop, endingMs);
      for (const shard of shards) this.ending.delete(shard);
      this.log.push(`ended ${shards.join()}`);
    });
  }

  start(): this {
    this.#running = this.member.run({ signal: this.#stop.signal }).finally(() => (this.#running = undefined));
    return this;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** In good order. */
  stop(): void {
    this.#stop.abort(new Error('enough'));
  }

  /** As `kill -9`: from now on nothing of it happens. */
  kill(): void {
    this.loop.hold();
  }

  #network(inner: Transport): Transport {
    return {
      request: async (request: TransportRequest): Promise<TransportResponse> => {
        const response = await inner.request(request);
        const lost = request.method !== 'GET' && this.loseAnswers > 0;
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

/** One object for each of so many shards, in their order. */
export function objectPerShard(member: Pick<ShardMember, 'layout'>): OwnedObject[] {
  const objects: OwnedObject[] = [];
  for (let n = 0; objects.filter(Boolean).length < member.layout.shards; n++)
    objects[member.layout.shardOf({ uid: uidOf(n) })!] ??= { name: `object-${n}`, uid: uidOf(n) };
  return objects;
}

/** What differs comes first: the last letters of a text hardly change the upper bits of its hash. */
function uidOf(n: number): string {
  return `${n}-5a1e-4c1e-9d0f-0123456789ab`;
}
