import { onAbort, sleep } from '@client-ts/apimachinery';
import { isConflict } from '@client-ts/apimachinery/errors';
import { type FencingToken, isLeadershipLost, LeaderElector, leaseLock } from '@client-ts/leaderelection';
import type { Config } from '@client-ts/rest';
import type { ClaimView } from './group-view.js';
import { holderText, LeaseGroup } from './lease-group.js';
import { type OwnedObject, Ownership, type Release } from './ownership.js';
import type { ShardLayout } from './shard-layout.js';
import type { ShardSet } from './shard-set.js';
import { type ShardMemberOptions, type ShardMemberSettings, shardMemberSettings } from './sharding-config.js';
import { type Counts, type ShardingState, type ShardingStep, shardingStep } from './sharding-step.js';
import type { Sightings } from './sightings.js';

/** So many requests at once: the first member of a group claims all shards. */
const Parallel = 16;

/**
 * One of the processes that share the objects of a controller: each holds some shards, and no two the same one.
 *
 * - A member renews one Lease of its own, by a `LeaderElector`; a shard is claimed by a Lease that names the member and its term.
 *   So what is true of an elector is true of all shards at once: whoever was held up, stopped or cut off for longer than the renew
 *   deadline {@link owns} nothing, even before any timer has run, and others take over the longer lease duration after.
 * - A shard is handed over in order: nothing new of it is begun, what `onRelease` returns is waited for, however long that takes,
 *   and then its Lease is released. Whoever claims it begins after that.
 * - What still arrives from a former holder can be told by its {@link fencingToken}.
 *
 * It is a `Partition` of `@client-ts/controller`, and what `sharded` reads objects for.
 */
export class ShardMember implements ShardSet, AsyncDisposable {
  readonly identity: string;
  readonly layout: ShardLayout;
  readonly #settings: ShardMemberSettings;
  readonly #group: LeaseGroup;
  readonly #elector: LeaderElector;
  readonly #ownership: Ownership;
  readonly #disposal = new AbortController();
  #running: Promise<void> | undefined;
  #sightings: Sightings = new Map();
  #counts: Counts = new Map();
  #strangers = '';
  /** There is something to do before the pause ends that goes on, or would come next. */
  #due = false;
  #endPause: () => void = () => {};
  /** It has been announced that this member takes no more shards in this term. */
  #leaving = false;

  /** @throws TypeError or RangeError that names the field. */
  constructor(config: Config, options: ShardMemberOptions) {
    const settings = shardMemberSettings(options);
    const { identity, namespace, clock, wallClock, onError, leaseDurationMs, renewDeadlineMs, retryPeriodMs } =
      settings;
    this.identity = identity;
    this.layout = settings.layout;
    this.#settings = settings;
    this.#group = new LeaseGroup(config, settings);
    this.#ownership = new Ownership(settings.layout, onError);
    const lock = { namespace, name: this.#group.memberName, identity, labels: this.#group.memberLabels, clock };
    this.#elector = new LeaderElector({
      lock: leaseLock(config, lock),
      leaseDurationMs,
      renewDeadlineMs,
      retryPeriodMs,
      clock,
      wallClock,
      onError: (error) => {
        // What a member announces is written on the Lease behind the elector's back.
        if (!isConflict(error)) onError(error);
      },
      callbacks: { onStartedLeading: (leading, token) => this.#takePart(leading, token.transitions) },
    });
  }

  /** The shards whose objects are to be at hand: those that are held, also while they are given up. */
  get shards(): ReadonlySet<number> {
    return this.#ownership.shards;
  }

  onShards(changed: () => void): () => void {
    return this.#ownership.onShards(changed);
  }

  /** True while this process holds the object's shard, and nobody else can. By the clock: ask before each piece of work. */
  owns(object: OwnedObject): boolean {
    return this.#ownership.owns(object) && this.#elector.isLeader();
  }

  /**
   * For what is written about the object: `isFencedOff` tells whether a later holder of its shard has written already. Also while
   * work on the shard is being ended; `undefined` when it is not held now.
   */
  fencingToken(object: OwnedObject): FencingToken | undefined {
    const hold = this.#ownership.holdOf(object);
    const own = this.#elector.fencingToken();
    // What has ended is being released: somebody else may have it before that is answered.
    if (!hold || hold.phase === 'ended' || !own) return undefined;
    const holder = holderText({ identity: this.identity, term: own.transitions });
    const lock = `${this.#settings.namespace}/${this.#group.claimName(hold.shard)}`;
    return { lock, transitions: hold.transitions, holder };
  }

  /**
   * Calls `release` with what is to be given up: from then on it is not owned. The Leases of those shards are released when what it
   * returns has settled. When the member's own Lease is lost, it is called with all that was held, and nobody else waits for it.
   *
   * @returns a function that ends that.
   */
  onRelease(release: Release): () => void {
    return this.#ownership.onRelease(release);
  }

  /** Calls `acquire` after shards were claimed: what it tells of is owned. @returns a function that ends that. */
  onAcquire(acquire: (gained: (object: OwnedObject) => boolean) => void): () => void {
    return this.#ownership.onAcquire(acquire);
  }

  /**
   * Takes part until `signal` aborts. Then all shards are given up, and it resolves when that has been done. Requests that fail
   * are tried again.
   *
   * @throws Error when it runs already.
   */
  async run({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    if (this.#running) throw new Error(`ShardMember.run: ${this.identity}: it runs already`);
    const stop = new AbortController();
    const unlink = [this.#disposal.signal, ...(signal ? [signal] : [])].map((each) => {
      if (each.aborted) stop.abort(each.reason);
      return onAbort(each, () => stop.abort(each.reason));
    });
    this.#running = (async () => {
      while (!stop.signal.aborted) await this.#elector.run({ signal: stop.signal });
    })();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
      for (const each of unlink) each();
    }
  }

  /** Ends `run`, now and for good, and waits until it has. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort(new Error(`ShardMember: ${this.identity}: it was disposed of`));
    // Whoever called `run` hears how it ended.
    await this.#running?.catch(() => {});
  }

  /** One term: until the member's Lease is lost, or there is nothing more to give up. */
  async #takePart(leading: AbortSignal, term: number): Promise<void> {
    const ownership = this.#ownership;
    const isLost = (): boolean => this.#elector.fencingToken()?.transitions !== term;
    const unlink = onAbort(leading, () => {
      if (isLeadershipLost(leading.reason)) ownership.lose();
      else this.#giveUp(ownership.all('held'));
      this.#wake();
    });
    this.#leaving = false;
    try {
      while (!isLost()) {
        if (leading.aborted && !this.#leaving) {
          this.#leaving = true;
          await this.#attempt(() => this.#group.announceLeave(term));
        }
        await this.#attempt(() => this.#look(term, leading, isLost));
        if (leading.aborted && ownership.isEmpty) return;
        await this.#pause();
      }
    } finally {
      unlink();
      ownership.lose();
      await ownership.settled();
    }
  }

  /** Looks at all Leases, and does what there is to do. */
  async #look(term: number, leading: AbortSignal, isLost: () => boolean): Promise<void> {
    const view = await this.#group.view();
    if (isLost()) return;
    const { identity, layout, leaseDurationMs } = this.#settings;
    const state: ShardingState = {
      term,
      leaving: leading.aborted,
      holds: this.#ownership.holds,
      sightings: this.#sightings,
      counts: this.#counts,
    };
    const step = shardingStep(state, view, { identity, shards: layout.shards, layout: layout.name, leaseDurationMs });
    this.#sightings = step.sightings;
    this.#counts = step.counts;
    this.#report(step);
    const ownership = this.#ownership;
    ownership.taken(step.taken);
    this.#giveUp(step.giveUp);
    const claimed = new Map<number, number>();
    await inParallel(step.claim, async (target) => {
      await this.#attempt(async () => {
        if (leading.aborted || isLost() || ownership.isEnding(target.shard)) return;
        const transitions = await this.#group.claim(target, { identity, term });
        if (transitions !== undefined && !isLost()) claimed.set(target.shard, transitions);
      });
    });
    if (!isLost()) ownership.acquire(claimed);
    const release = async (claim: ClaimView): Promise<void> => {
      if (await this.#group.release(claim)) ownership.released(claim.shard);
    };
    await inParallel(step.release, (claim) => this.#attempt(() => release(claim)));
    await inParallel(step.raise, (each) => this.#attempt(() => this.#group.raise(each)));
    if (step.unseen.length > 0 && !step.unseen.some((shard) => ownership.isEnding(shard)))
      await this.#attempt(() => this.#group.announceSeen(view.version));
    await this.#make(step.make);
    const tidy = [
      ...step.abandoned.map((claim) => () => this.#group.release(claim)),
      ...step.forget.map((member) => () => this.#group.forget(member)),
    ];
    await inParallel(tidy, (each) => this.#attempt(each));
    if (!isLost()) ownership.show();
  }

  /** Looks again at once: who is alone can claim what was made. */
  async #make(missing: ShardingStep['make']): Promise<void> {
    await inParallel(missing, (each) =>
      this.#attempt(async () => {
        await this.#group.make(each);
        this.#due = true;
      }),
    );
  }

  /** Looks again when work on them has ended, to release them. */
  #giveUp(shards: readonly number[]): void {
    if (shards.length > 0) void this.#ownership.giveUp(shards).then(() => this.#wake());
  }

  #report({ strangers }: ShardingStep): void {
    const text = strangers.join(', ');
    if (text !== '' && text !== this.#strangers) {
      const what = `ShardMember: ${this.identity}: shards: expected ${this.layout.name} of all members; not so ${text}`;
      this.#settings.onError(new Error(what));
    }
    this.#strangers = text;
  }

  async #attempt(action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#settings.onError(error);
    }
  }

  #wake(): void {
    this.#due = true;
    this.#endPause();
  }

  async #pause(): Promise<void> {
    const { clock, retryPeriodMs } = this.#settings;
    if (!this.#due) {
      const over = new AbortController();
      this.#endPause = () => over.abort();
      await sleep(clock, retryPeriodMs, over.signal).catch(() => {});
    }
    this.#due = false;
  }
}

async function inParallel<T>(all: readonly T[], perform: (each: T) => Promise<void>): Promise<void> {
  const rest = all.values();
  const work = async (): Promise<void> => {
    for (const each of rest) await perform(each);
  };
  await Promise.all(Array.from({ length: Math.min(Parallel, all.length) }, work));
}
