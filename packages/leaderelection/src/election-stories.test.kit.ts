import { leases } from '@client-ts/api/coordination/v1';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type ResourceInterface, restClientFor } from '@client-ts/rest';
import * as fc from 'fast-check';
import { Candidate } from './candidate.test.kit.js';
import type { FencingToken } from './fencing-token.js';

const Identities = ['a', 'b', 'c'] as const;

const StepTypes = ['hold', 'go on', 'stop', 'cut off', 'connect', 'lose an answer', 'refuse', 'touch', 'wait'] as const;

/** Something that happens to one of them, or to the Lease; and how much time passes then. */
export interface Step {
  readonly type: (typeof StepTypes)[number];
  readonly who: number;
  readonly ms: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  type: fc.constantFrom(...StepTypes),
  who: fc.nat(Identities.length - 1),
  ms: fc.oneof(fc.nat(1000), fc.nat(6000)),
});

/** What may happen to candidates and their Lease. */
export const electionStories: fc.Arbitrary<readonly Step[]> = fc.array(step, {
  minLength: 5,
  maxLength: 20,
  size: 'max',
});

/** Several candidates, an API server, and what has to be true of them at any time. */
class World {
  readonly clock: FakeClock = new FakeClock();
  readonly #server: ApiServer = new ApiServer({ clock: this.clock });
  readonly #stored: ResourceInterface<object, unknown> = restClientFor(this.#server.config()).resource(
    leases,
    'default',
  );
  readonly #candidates: Candidate[];
  /** Of every term that began, in this order. */
  readonly tokens: FencingToken[] = [];
  readonly #failures: unknown[] = [];
  #cuts: Disposable[] = [];
  #touches = 0;

  constructor() {
    this.#candidates = Identities.map((_, index) => this.#start(index));
  }

  async perform(step: Step): Promise<void> {
    const candidate = this.#candidates.at(step.who)!;
    switch (step.type) {
      case 'hold':
        candidate.loop.hold();
        break;
      case 'go on':
        this.#goOn(candidate);
        break;
      case 'stop':
        candidate.stop();
        break;
      case 'cut off':
        this.#cuts.push(candidate.faults.inject({ kind: 'silence' }, { times: Infinity }));
        break;
      case 'connect':
        for (const cut of this.#cuts.splice(0)) cut[Symbol.dispose]();
        break;
      case 'lose an answer':
        candidate.loseAnswers++;
        break;
      case 'refuse':
        candidate.faults.inject({ kind: 'status', status: 500 }, { times: 2 });
        break;
      case 'touch': {
        const patch = { metadata: { labels: { touched: String(this.#touches++) } } };
        await this.#stored.patch('lock', { type: 'merge', patch }).catch(() => {});
        break;
      }
      case 'wait':
        break;
    }
    await this.pass(step.ms);
  }

  /** Time passes, bit by bit. */
  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 1000) {
      await this.clock.advance(Math.min(left, 1000));
      this.#expectOneLeader();
      for (const [index, each] of this.#candidates.entries())
        if (!each.running) this.#candidates[index] = this.#start(index);
    }
  }

  /** Nothing happens to anybody any more: within a lease and a few attempts somebody leads. */
  async recover(): Promise<void> {
    for (const cut of this.#cuts.splice(0)) cut[Symbol.dispose]();
    for (const each of this.#candidates) {
      each.loseAnswers = 0;
      this.#goOn(each);
    }
    await this.pass(10_000);
    const leaders = this.#candidates.filter(({ elector }) => elector.isLeader());
    if (leaders.length !== 1) throw new Error(`expected one leader, got ${leaders.length}`);
  }

  async end(): Promise<void> {
    for (const each of this.#candidates) each.stop();
    await this.clock.advance(10_000);
    if (this.#failures.length > 0) throw new Error('a run has failed', { cause: this.#failures[0] });
    if (this.clock.pending > 0) throw new Error(`expected no timers, got ${this.clock.pending}`);
  }

  #start(index: number): Candidate {
    const candidate = new Candidate(this.#server, this.clock, Identities.at(index)!, {
      leaseDurationMs: 3000,
      renewDeadlineMs: 2000,
      retryPeriodMs: 500,
      onStarted: ({ token }) => {
        this.#expectOneLeader();
        this.tokens.push(token!);
      },
    });
    candidate.run().catch((error: unknown) => this.#failures.push(error));
    return candidate;
  }

  /** Before anything else, even its timers, it may do what it does as the leader: after it has looked at its signal. */
  #goOn(candidate: Candidate): void {
    this.#expectOneLeader(candidate);
    candidate.loop.release();
  }

  /** Whoever is held up does nothing, and so is not asked, which would tell it what time it is. */
  #expectOneLeader(goingOn?: Candidate): void {
    const acting = this.#candidates.filter((each) => !each.loop.held || each === goingOn);
    const working = acting.filter(({ leading }) => leading && !leading.aborted);
    const leaders = acting.filter(({ elector }) => elector.isLeader());
    if (working.length > 1 || leaders.length > 1) {
      const names = [...working, ...leaders].map(({ identity }) => identity);
      throw new Error(`expected one leader at most, got ${names.join()}`);
    }
  }
}

/** Rejects when two lead, when terms do not count up, and when in the end nobody leads. */
export async function tellElectionStory(story: readonly Step[]): Promise<void> {
  const world = new World();
  for (const step of story) await world.perform(step);
  await world.recover();
  await world.end();
  const terms = world.tokens.map(({ transitions }) => transitions);
  if (terms.some((term, index) => term <= (terms[index - 1] ?? -1)))
    throw new Error(`expected terms that count up, got ${terms.join()}`);
}
