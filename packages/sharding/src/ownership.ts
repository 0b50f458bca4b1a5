import type { ShardLayout } from './shard-layout.js';
import type { Hold, HoldPhase } from './sharding-step.js';

/** Names an object. Without a uid, where that decides, nobody can tell whose it is: then it is nobody's. */
export interface OwnedObject {
  readonly namespace?: string | undefined;
  readonly name: string;
  readonly uid?: string | undefined;
}

type IsOne = (object: OwnedObject) => boolean;

/** Gives work on objects up; resolves when none of it goes on. */
export type Release = (lost: IsOne) => Promise<void>;

type Acquire = (gained: IsOne) => void;

/** What one member holds, and those who are told when that changes. Knows of no server and no time. */
export class Ownership {
  readonly #layout: ShardLayout;
  readonly #onError: (error: unknown) => void;
  readonly #holds = new Map<number, Hold>();
  #shards: ReadonlySet<number> = new Set();
  readonly #releases = new Set<{ readonly call: Release }>();
  readonly #acquires = new Set<{ readonly call: Acquire }>();
  readonly #changes = new Set<{ readonly call: () => void }>();
  /** What has been called and has not settled, and of which shards. */
  readonly #endings = new Map<Promise<void>, readonly number[]>();

  /** @param onError - is told what callbacks throw. */
  constructor(layout: ShardLayout, onError: (error: unknown) => void) {
    this.#layout = layout;
    this.#onError = onError;
  }

  get holds(): ReadonlyMap<number, Hold> {
    return this.#holds;
  }

  get isEmpty(): boolean {
    return this.#holds.size === 0;
  }

  /** As they were when {@link show} was called last. */
  get shards(): ReadonlySet<number> {
    return this.#shards;
  }

  owns(object: OwnedObject): boolean {
    return this.holdOf(object)?.phase === 'held';
  }

  holdOf(object: OwnedObject): (Hold & { readonly shard: number }) | undefined {
    const shard = this.#layout.shardOf(object);
    const hold = shard === undefined ? undefined : this.#holds.get(shard);
    return hold && { ...hold, shard: shard! };
  }

  all(phase: HoldPhase): number[] {
    return [...this.#holds].filter(([, hold]) => hold.phase === phase).map(([shard]) => shard);
  }

  /** Whether work goes on in a shard that was given up, or taken away: it is not to be begun anew beside that. */
  isEnding(shard: number): boolean {
    return [...this.#endings.values()].some((shards) => shards.includes(shard));
  }

  /** By shard, `transitions` of the claim. */
  acquire(claimed: ReadonlyMap<number, number>): void {
    if (claimed.size === 0) return;
    for (const [shard, transitions] of claimed) this.#holds.set(shard, { phase: 'held', transitions });
    const gained = this.#isIn(new Set(claimed.keys()));
    for (const { call } of this.#acquires) this.#guard(() => call(gained));
  }

  /** Resolves when nothing goes on in them any more; they are held until {@link released}. */
  async giveUp(shards: readonly number[]): Promise<void> {
    if (shards.length === 0) return;
    const ending = shards.map((shard) => {
      const hold: Hold = { ...this.#holds.get(shard)!, phase: 'ending' };
      this.#holds.set(shard, hold);
      return [shard, hold] as const;
    });
    await this.#end(shards);
    for (const [shard, hold] of ending)
      if (this.#holds.get(shard) === hold) this.#holds.set(shard, { ...hold, phase: 'ended' });
  }

  /** They are somebody else's already. */
  taken(shards: readonly number[]): void {
    const held = shards.filter((shard) => this.#holds.get(shard)?.phase === 'held');
    for (const shard of shards) this.#holds.delete(shard);
    if (held.length > 0) void this.#end(held);
  }

  /** All of them may be somebody else's soon. What is to be at hand stays: they may also come back. */
  lose(): void {
    this.taken([...this.#holds.keys()]);
  }

  released(shard: number): void {
    this.#holds.delete(shard);
  }

  /** What is held is what is to be at hand. */
  show(): void {
    const { size } = this.#holds;
    if (size === this.#shards.size && [...this.#holds.keys()].every((shard) => this.#shards.has(shard))) return;
    this.#shards = new Set(this.#holds.keys());
    for (const { call } of this.#changes) this.#guard(call);
  }

  /** Resolves when nothing goes on in what was given up or lost. */
  async settled(): Promise<void> {
    await Promise.all(this.#endings.keys());
  }

  onRelease(call: Release): () => void {
    return added(this.#releases, { call });
  }

  onAcquire(call: Acquire): () => void {
    return added(this.#acquires, { call });
  }

  onShards(call: () => void): () => void {
    return added(this.#changes, { call });
  }

  async #end(shards: readonly number[]): Promise<void> {
    const lost = this.#isIn(new Set(shards));
    const ended = Array.from(this.#releases, async ({ call }) => {
      try {
        await call(lost);
      } catch (error) {
        this.#onError(error);
      }
    });
    const all = Promise.all(ended).then(() => void this.#endings.delete(all));
    this.#endings.set(all, shards);
    await all;
  }

  #isIn(shards: ReadonlySet<number>): IsOne {
    return (object) => {
      const shard = this.#layout.shardOf(object);
      return shard !== undefined && shards.has(shard);
    };
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Two who add the same function are two. @returns a function that takes it away. */
function added<T>(all: Set<T>, entry: T): () => void {
  all.add(entry);
  return () => void all.delete(entry);
}
