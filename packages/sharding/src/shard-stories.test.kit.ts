import { leases } from '@client-ts/api/coordination/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { restClientFor } from '@client-ts/rest';
import * as fc from 'fast-check';
import { objectPerShard, Process } from './process.test.kit.js';
import { ShardLayout } from './shard-layout.js';

const objects = objectPerShard({ layout: new ShardLayout(3, 'uid') });

/** Clocks that go at another speed, and show another time. */
const Clocks = [
  { rate: 1, offMs: 0 },
  { rate: 0.9, offMs: 3_600_000 },
  { rate: 1.1, offMs: -3_600_000 },
] as const;

const StepTypes = [
  'hold',
  'go on',
  'stop',
  'kill',
  'start',
  'cut off',
  'connect',
  'lose answers',
  'touch',
  'delete',
  'wait',
] as const;

/** Something that happens to one of them, or to a Lease; and how much time passes then. */
export interface Step {
  readonly type: (typeof StepTypes)[number];
  readonly who: number;
  readonly ms: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(...StepTypes),
  who: fc.nat(Clocks.length - 1),
  ms: fc.oneof(fc.nat(1000), fc.nat(6000)),
});

/** What may happen to members that share shards. */
export const shardStories: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 4, maxLength: 12, size: 'max' });

/** Several members, an API server, and what has to be true of them at any time. */
class World {
  readonly clock: FakeClock = new FakeClock();
  readonly #server: ApiServer = new ApiServer({ clock: this.clock });
  readonly #stored = restClientFor(this.#server.config()).resource(leases, 'default');
  /** One for each clock. */
  readonly #processes: Process[];
  /** Those that were killed: they hold timers, and never go on. */
  readonly #dead = new Set<Process>();
  /** By shard, who had which token; the greatest so far. */
  readonly #tokens = new Map<string, { transitions: number; holder: string }>();
  /** Whose Leases were deleted: who has not seen how far they were cannot go on counting. */
  readonly #uncounted = new Set<string>();
  #cuts: Disposable[] = [];
  #started = 0;

  constructor() {
    this.#processes = Clocks.map((_, index) => this.#start(index));
  }

  async perform({ type, who, ms }: Step): Promise<void> {
    const process = this.#processes.at(who)!;
    const actions: Record<Step['type'], () => void | Promise<unknown>> = {
      hold: () => process.loop.hold(),
      'go on': () => this.#goOn(process),
      stop: () => process.stop(),
      kill: () => {
        process.kill();
        this.#dead.add(process);
      },
      start: () => this.#revive(who),
      'cut off': () => void this.#cuts.push(process.faults.inject({ kind: 'silence' }, { times: Infinity })),
      connect: () => this.#connect(),
      'lose answers': () => void (process.loseAnswers += 3),
      touch: async () => {
        const patch = { metadata: { labels: { touched: String(this.clock.now()) } } };
        await this.#stored.patch(`group-shard-${who}`, { type: 'merge', patch }).catch(() => {});
      },
      delete: async () => {
        // All of them: they may all go to others now.
        for (const shard of objects.keys()) {
          await this.#stored.delete(`group-shard-${shard}`).catch(() => {});
          this.#uncounted.add(`default/group-shard-${shard}`);
        }
      },
      wait: () => {},
    };
    await actions[type]();
    await this.#pass(ms);
  }

  /** Nothing happens to anybody any more: within a lease and a few looks each shard is held, in equal shares. */
  async recover(): Promise<void> {
    this.#connect();
    for (const each of this.#processes) {
      each.loseAnswers = 0;
      this.#goOn(each);
    }
    // Those that were told to end do.
    await this.#pass(3000);
    for (const index of this.#processes.keys()) this.#revive(index);
    await this.#pass(9000);
    const shares = this.#processes.map(({ member }) => objects.filter((object) => member.owns(object)).length);
    if (shares.some((share) => share !== 1)) throw new Error(`expected equal shares, got ${shares.join()}`);
  }

  async end(): Promise<void> {
    for (const each of this.#processes) each.stop();
    await this.#pass(10_000);
    for (const { running, ending } of this.#processes)
      if (running || ending.size > 0) throw new Error(`it was told to end, and works on ${[...ending].join()}`);
  }

  #start(index: number): Process {
    const identity = `member-${index}-${this.#started++ % 2}`;
    const process = new Process(this.#server, this.clock, identity, objects, {
      ...Clocks[index],
      endingMs: 400,
      retryPeriodMs: 1000,
    });
    process.member.onAcquire(() => this.#expectOneHolder());
    return process.start();
  }

  /** The next process in the place of one that has ended. */
  #revive(index: number): void {
    const process = this.#processes.at(index)!;
    if (process.running && !this.#dead.has(process)) return;
    this.#processes[index] = this.#start(index);
  }

  #connect(): void {
    for (const cut of this.#cuts.splice(0)) cut[Symbol.dispose]();
  }

  /** Before anything else, even its timers, it may do what it does when it owns an object. */
  #goOn(process: Process): void {
    if (this.#dead.has(process)) return;
    this.#expectOneHolder(process);
    process.loop.release();
  }

  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.clock.advance(Math.min(left, 500));
      this.#expectOneHolder();
    }
  }

  /** Whoever is held up does nothing, and so is not asked, which would tell it what time it is. */
  #expectOneHolder(goingOn?: Process): void {
    const acting = this.#processes.filter((each) => !each.loop.held || each === goingOn);
    for (const object of objects) {
      const tokens = acting.flatMap(({ member }) => member.fencingToken(object) ?? []);
      const owners = acting.filter(({ member }) => member.owns(object));
      if (tokens.length > 1 || owners.length > tokens.length)
        throw new Error(
          `${object.name}: ${owners.length} own it, by ${tokens.map(({ holder }) => holder).join(' and ')}`,
        );
      for (const { lock, transitions, holder } of tokens) {
        if (this.#uncounted.has(lock)) continue;
        const last = this.#tokens.get(lock) ?? { transitions: 0, holder: '' };
        if (transitions < last.transitions || (transitions === last.transitions && holder !== last.holder))
          throw new Error(`${lock}: ${transitions} of ${holder} after ${last.transitions} of ${last.holder}`);
        this.#tokens.set(lock, { transitions, holder });
      }
    }
  }
}

/** Rejects when two hold one shard, when tokens go back, and when in the end not all is shared equally. */
export async function tellShardStory(story: readonly Step[]): Promise<void> {
  const world = new World();
  for (const step of story) await world.perform(step);
  await world.recover();
  await world.end();
}
