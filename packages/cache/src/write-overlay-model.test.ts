import type { KubernetesObject } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { newIndexer } from './map-indexer.js';
import { WriteOverlay } from './write-overlay.js';

interface Thing extends KubernetesObject {
  readonly color: string;
}

const Names = ['a', 'b', 'c'] as const;
type Name = (typeof Names)[number];

type Step =
  /** Somebody creates, changes or deletes an object at the server; what it answers to us may take its time. */
  | { readonly type: 'put' | 'delete'; readonly name: Name; readonly own: boolean; readonly color: string }
  /** All is listed on our behalf; that, too, takes its time. */
  | { readonly type: 'all' }
  /** One of the answers arrives. */
  | { readonly type: 'answer'; readonly which: number }
  /** The cache takes so many changes, coalesced per object; while more wait it does not know how far it has come. */
  | { readonly type: 'watch'; readonly changes: number; readonly drained: boolean }
  /** The cache takes a list, of a state that is behind the server's by so many changes. */
  | { readonly type: 'list'; readonly behind: number };

const name = fc.constantFrom(...Names);
const color = fc.constantFrom('red', 'blue');
const put = fc.record({ type: fc.constantFrom('put' as const, 'delete' as const), name, own: fc.boolean(), color });
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: put, weight: 4 },
  { arbitrary: fc.record({ type: fc.constant('answer' as const), which: fc.nat(5) }), weight: 3 },
  fc.record({ type: fc.constant('watch' as const), changes: fc.integer({ min: 1, max: 4 }), drained: fc.boolean() }),
  fc.record({ type: fc.constant('list' as const), behind: fc.nat(3) }),
  fc.record({ type: fc.constant('all' as const) }),
);

interface Change {
  readonly version: number;
  readonly name: Name;
  /** `undefined`: it was deleted. */
  readonly object: Thing | undefined;
}

/** A server, a cache that follows it, and an overlay whose writes are recorded. */
class Model {
  readonly #history: Change[] = [];
  readonly #indexer = newIndexer<Thing, 'byColor'>({ indexers: { byColor: ({ color: value }) => [value] } });
  readonly #answers: (Change | { readonly version: number; readonly name?: never })[] = [];
  /** The newest of our writes that were answered. */
  readonly #answered = new Map<Name, number>();
  /** The newest list that was answered. */
  #listed = 0;
  /** What was answered after something newer. */
  readonly #late = new Set<Name>();
  #version = 10;
  #applied = 10;
  #reached = 10;
  readonly overlay = new WriteOverlay<Thing, 'byColor'>(
    { indexer: this.#indexer, lastSyncResourceVersion: () => String(this.#reached) },
    { indexers: { byColor: ({ color: value }) => [value] } },
  );

  perform(next: Step): void {
    switch (next.type) {
      case 'put':
      case 'delete':
        return this.#write(next.name, next.type === 'put' ? next.color : undefined, next.own);
      case 'all':
        this.#answers.push({ version: this.#version });
        return;
      case 'answer':
        return this.#answer(next.which);
      case 'watch':
        return this.#take(Math.min(this.#applied + next.changes, this.#version), next.drained);
      case 'list':
        return this.#take(Math.max(this.#applied, this.#version - next.behind), true);
    }
  }

  /** All answers arrive, and all changes. */
  finish(): void {
    while (this.#answers.length > 0) this.#answer(0);
    this.#take(this.#version, true);
  }

  check(): void {
    const shown = Names.map((of) => this.#checkName(of)).filter((object) => object !== undefined);
    const { overlay } = this;
    const sorted = (objects: readonly Thing[]): string[] => objects.map((object) => JSON.stringify(object)).toSorted();
    expect(sorted(overlay.list())).toEqual(sorted(shown));
    expect(overlay.size).toBe(shown.length);
    const red = shown.filter((object) => object.color === 'red');
    expect(sorted(overlay.byIndex('byColor', 'red'))).toEqual(sorted(red));
    const known = Math.max(this.#reached, this.#listed);
    const unreached = new Set([...this.#answered].filter(([, version]) => version > known));
    expect(overlay.pending, 'what is held was written since').toBeGreaterThanOrEqual(unreached.size);
    const listed = this.#listed > this.#reached ? Names.length : 0;
    expect(overlay.pending, 'or was answered out of order').toBeLessThanOrEqual(
      Math.max(listed, unreached.size + this.#late.size),
    );
  }

  checkFinished(): void {
    for (const of of Names) expect(this.overlay.getByKey(of), of).toEqual(this.#stateAt(of, this.#version));
    expect(this.overlay.pending).toBe(0);
  }

  /** Some state that the server had, no older than our answers and than what the cache has. */
  #checkName(of: Name): Thing | undefined {
    const shown = this.overlay.getByKey(of);
    const answered = Math.max(this.#answered.get(of) ?? 0, this.#listed);
    const cached = Number(this.#indexer.getByKey(of)?.metadata?.resourceVersion ?? 0);
    const oldest = Math.max(answered, cached, this.#reached);
    const legal = [this.#stateAt(of, oldest)];
    for (const change of this.#history) if (change.name === of && change.version > oldest) legal.push(change.object);
    expect(legal, `${of}, as of ${oldest} or later`).toContainEqual(shown);
    return shown;
  }

  #write(of: Name, value: string | undefined, own: boolean): void {
    if (value === undefined && !this.#stateAt(of, this.#version)) return;
    const version = ++this.#version;
    const metadata = { name: of, resourceVersion: String(version) };
    const change = { version, name: of, object: value === undefined ? undefined : { metadata, color: value } };
    this.#history.push(change);
    if (own) this.#answers.push(change);
  }

  #answer(which: number): void {
    const [answer] = this.#answers.splice(which % (this.#answers.length || 1), 1);
    if (!answer) return;
    if (answer.name === undefined) return this.#answerList(answer.version);
    const { name: of, version, object } = answer;
    if (object) this.overlay.record(object);
    else this.overlay.recordGone(of, String(version));
    if (version < Math.max(...this.#answered.values())) this.#late.add(of);
    this.#answered.set(of, Math.max(version, this.#answered.get(of) ?? 0));
  }

  #answerList(version: number): void {
    const objects = Names.map((of) => this.#stateAt(of, version)).filter((object) => object !== undefined);
    this.overlay.recordAll(objects, String(version));
    if (version < Math.max(this.#listed, ...this.#answered.values())) for (const of of Names) this.#late.add(of);
    this.#listed = Math.max(version, this.#listed);
  }

  #take(version: number, drained: boolean): void {
    this.#applied = version;
    for (const of of Names) {
      const object = this.#stateAt(of, version);
      if (object) this.#indexer.set(of, object);
      else this.#indexer.delete(of);
    }
    if (drained) this.#reached = version;
  }

  #stateAt(of: Name, version: number): Thing | undefined {
    return this.#history.findLast((change) => change.name === of && change.version <= version)?.object;
  }
}

test('no reader sees a write of his own undone by an older state, or one that is gone for longer than the watch is behind', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const model = new Model();
      for (const next of steps) {
        model.perform(next);
        model.check();
      }
      model.finish();
      model.checkFinished();
    }),
    { numRuns: 200 },
  );
});
