import type { Watch, WatchOptions } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { Gate } from './gate.js';
import { SharedIndexInformer } from './shared-informer.js';
import { type NewQueue, queues, type Thing, thing } from './shared-informer.test.kit.js';
import { expectEqual } from './testing/expect-equal.js';
import { FakeSource } from './testing/fake-source.js';
import { WriteOverlay } from './write-overlay.js';

const Names = ['a', 'b'] as const;
type Name = (typeof Names)[number];

/** One thing that happens at a server, on the way from it, or at a reader. */
type Step =
  | { readonly type: 'put' | 'delete'; readonly name: Name; readonly own: boolean }
  /** One of the answers arrives. */
  | { readonly type: 'answer'; readonly which: number }
  /** What happened so far reaches the informer. */
  | { readonly type: 'events' | 'bookmark' }
  /** Connections break; changes happen before the informer is back, and what is `forgotten` it has to list. */
  | { readonly type: 'outage'; readonly missed: readonly Name[]; readonly forgotten: boolean };

const name = fc.constantFrom(...Names);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({
      type: fc.constantFrom('put' as const, 'put' as const, 'delete' as const),
      name,
      own: fc.boolean(),
    }),
    weight: 8,
  },
  { arbitrary: fc.record({ type: fc.constant('answer' as const), which: fc.nat(5) }), weight: 6 },
  { arbitrary: fc.record({ type: fc.constantFrom('events' as const, 'bookmark' as const) }), weight: 1 },
  fc.record({
    type: fc.constant('outage' as const),
    missed: fc.array(name, { maxLength: 3 }),
    forgotten: fc.boolean(),
  }),
);

/** A source whose events stay on their way while it is told to hold them. */
class SlowSource extends FakeSource<Thing> {
  readonly #gate = new Gate();
  #held = false;

  hold(held: boolean): void {
    this.#held = held;
    if (!held) this.#gate.open();
  }

  override watch(options?: WatchOptions): Watch<Thing> {
    const inner = super.watch(options);
    const letThrough = async (): Promise<void> => {
      while (this.#held) await this.#gate.wait();
    };
    return {
      async *[Symbol.asyncIterator]() {
        for await (const event of inner) {
          await letThrough();
          yield event;
        }
      },
      [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
    };
  }
}

interface Change {
  readonly version: number;
  readonly key: string;
  readonly object: Thing | undefined;
}

/** A source, an informer of it, and an overlay over that: what the answers were, and what was true when. */
class Story {
  readonly #clock = new FakeClock();
  readonly #source = new SlowSource();
  readonly #informer: SharedIndexInformer<Thing>;
  readonly #overlay: WriteOverlay<Thing>;
  readonly #history: Change[] = [];
  readonly #answers: Change[] = [];
  readonly #answered = new Map<string, number>();

  constructor(newQueue: NewQueue) {
    const onError = (): void => undefined;
    this.#informer = new SharedIndexInformer<Thing>(this.#source, { clock: this.#clock, newQueue, onError });
    this.#overlay = new WriteOverlay<Thing>(this.#informer);
  }

  /** @throws Error where a reader is shown what he must not be. */
  async tell(steps: readonly Step[]): Promise<void> {
    const stop = new AbortController();
    const running = this.#informer.run({ signal: stop.signal });
    await settle();
    this.#source.hold(true);
    for (const next of steps) {
      await this.#perform(next);
      this.#check();
    }
    await this.#finish();
    stop.abort();
    await running;
  }

  async #perform(next: Step): Promise<void> {
    const source = this.#source;
    switch (next.type) {
      case 'put':
      case 'delete':
        return this.#write(next.name, next.type === 'delete', next.own);
      case 'answer':
        return this.#answer(next.which);
      case 'bookmark':
        source.bookmark();
        return this.#deliver(0);
      case 'events':
        return this.#deliver(0);
      case 'outage':
        source.closeWatches(next.forgotten ? newResourceExpired('too old') : undefined);
        for (const missed of next.missed) this.#write(missed, false, false);
        if (next.forgotten) source.compact();
        return this.#deliver(60_000);
    }
  }

  async #deliver(ms: number): Promise<void> {
    this.#source.hold(false);
    await this.#clock.advance(ms);
    this.#source.hold(true);
  }

  /** No reader is shown less than he was answered, or what was never true. */
  #check(): void {
    for (const key of Names.map((of) => `ns/${of}`)) {
      const oldest = Math.max(this.#answered.get(key) ?? 0, versionOf(this.#informer.indexer.getByKey(key)));
      const legal = this.#history
        .filter((change) => change.key === key && change.version >= oldest)
        .map(({ object }) => versionOf(object));
      // Before the first of them it was as the last one before.
      legal.push(versionOf(this.#history.findLast((c) => c.key === key && c.version <= oldest)?.object));
      const shown = versionOf(this.#overlay.getByKey(key));
      if (!legal.includes(shown))
        throw new Error(`${key}: expected one of ${legal.join(', ')}, as of ${oldest} or later, got ${shown}`);
    }
  }

  /** When everything has arrived, the view is as the source, and nothing is held. */
  async #finish(): Promise<void> {
    while (this.#answers.length > 0) this.#answer(0);
    this.#source.bookmark();
    await this.#deliver(60_000);
    expectEqual(versionsOf(this.#overlay.list()), versionsOf(this.#source.objects));
    expectEqual(this.#overlay.pending, 0);
  }

  #write(of: Name, deletes: boolean, own: boolean): void {
    const key = `ns/${of}`;
    if (deletes && !this.#source.objects.some(({ metadata }) => metadata?.name === of)) return;
    // The source counts changes from 2 on.
    const version = this.#history.length + 2;
    if (deletes) this.#source.delete(key);
    const change = { version, key, object: deletes ? undefined : this.#source.set(thing(of)) };
    this.#history.push(change);
    if (own) this.#answers.push(change);
  }

  #answer(which: number): void {
    const [answer] = this.#answers.splice(which % (this.#answers.length || 1), 1);
    if (!answer) return;
    const { key, version, object } = answer;
    if (object) this.#overlay.record(object);
    else this.#overlay.recordGone(key, String(version));
    this.#answered.set(key, Math.max(version, this.#answered.get(key) ?? 0));
  }
}

/** 0: it is not there. */
function versionOf(object: Thing | undefined): number {
  return Number(object?.metadata?.resourceVersion ?? 0);
}

function versionsOf(things: readonly Thing[]): number[] {
  return things.map((object) => versionOf(object)).toSorted((a, b) => a - b);
}

/** What happens to one overlay, over an informer on a queue of that name. */
export interface OverlayStory {
  readonly queue: string;
  readonly steps: readonly Step[];
}

export const overlayStories: fc.Arbitrary<OverlayStory> = fc.record({
  queue: fc.constantFrom(...queues.map(([name]) => name)),
  steps: fc.array(step, { maxLength: 25, size: 'max' }),
});

/** Rejects where a reader is shown what he must not be. */
export async function tellStory({ queue, steps }: OverlayStory): Promise<void> {
  const newQueue = queues.find(([name]) => name === queue)![1];
  await new Story(newQueue).tell(steps);
}
