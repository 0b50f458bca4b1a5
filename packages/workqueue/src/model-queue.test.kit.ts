import type { QueuedItem } from './queued-item.js';

/** What is added under a key. */
export interface ModelItem {
  readonly key: string;
  /** Tells apart what was added under one key. */
  readonly version: number;
}

export type ModelRequest = QueuedItem<ModelItem>;

/** How a queue is made. */
export interface QueueKind {
  readonly order: 'fifo' | 'priority' | 'fair';
  readonly mergeDelays: boolean;
}

/** What is done to a queue; of what follows the verb each needs only some. */
export interface Step {
  readonly verb: Verb;
  readonly key: string;
  readonly ms: number;
  readonly priority: number;
  readonly reasons: readonly string[];
}

export type Verb =
  | 'add'
  | 'addAfter'
  | 'addRateLimited'
  | 'retry'
  | 'forget'
  | 'get'
  | 'loop'
  | 'done'
  | 'advance'
  | 'shutDown'
  | 'drain'
  | 'drainAll'
  | 'dispose';

/** What a queue shows of itself. `heard` are the answers since the step before; their order among each other is open. */
export interface Shown {
  readonly ready: readonly string[];
  readonly processing: readonly string[];
  readonly delayed: readonly string[];
  readonly failures: readonly number[];
  readonly closed: boolean;
  readonly heard: readonly string[];
}

export const Keys: readonly string[] = ['a/1', 'a/2', 'a/3', 'b/1', 'b/2', 'c/1'];
export const BaseDelayMs = 2;
export const MaxDelayMs = 20;

export function classOf({ key }: ModelItem): string | undefined {
  return key.split('/')[0];
}

/** How many of a class may be processed at a time, where classes take turns. */
export function concurrencyOf(name: string | undefined): number {
  return name === 'a' ? 2 : 1;
}

/** What a queue is meant to do, in arrays that are searched and sorted. It always shows the state in which nothing is left to do. */
export class ModelQueue {
  readonly #kind: QueueKind;
  #now = 0;
  #closed = false;
  #ready: ModelRequest[] = [];
  readonly #again = new Map<string, ModelRequest>();
  readonly #processing = new Map<string, ModelRequest>();
  #delayed: { request: ModelRequest; at: number }[] = [];
  readonly #failures = new Map<string, number>();
  #gets: { step: number; verb: Verb }[] = [];
  #drains: { step: number; all: boolean }[] = [];
  #turns: (string | undefined)[] = [];
  readonly #heard: string[] = [];

  constructor(kind: QueueKind) {
    this.#kind = kind;
  }

  step({ verb, key, ms, priority, reasons }: Step, number: number): void {
    const request = { item: { key, version: number }, priority, reasons };
    switch (verb) {
      case 'add':
        this.#addAfter(request, 0);
        break;
      case 'addAfter':
        this.#addAfter(request, ms);
        break;
      case 'addRateLimited': {
        const failures = this.#failures.get(key) ?? 0;
        this.#failures.set(key, failures + 1);
        this.#addAfter(request, Math.min(BaseDelayMs * 2 ** failures, MaxDelayMs));
        break;
      }
      case 'retry':
        this.#addAfter({ ...request, item: this.#retriedItem(key) ?? request.item }, ms);
        break;
      case 'forget':
        this.#failures.delete(key);
        break;
      case 'get':
      case 'loop':
        this.#gets.push({ step: number, verb });
        break;
      case 'done': {
        if (!this.#processing.delete(key)) break;
        const again = this.#again.get(key);
        this.#again.delete(key);
        // Whoever was held up by this one had its turn before.
        this.#updateTurns();
        if (again) this.#ready.push(again);
        break;
      }
      case 'shutDown':
        this.#close();
        this.#endDrains(() => true);
        break;
      case 'dispose': {
        const dropped = [...this.#ready.splice(0), ...this.#again.values()];
        this.#again.clear();
        this.#close();
        for (const each of dropped) this.#drop(each, 'ready');
        this.#drains.push({ step: number, all: false });
        break;
      }
      case 'drain':
      case 'drainAll':
        this.#close();
        this.#drains.push({ step: number, all: verb === 'drainAll' });
        break;
      case 'advance': {
        const end = this.#now + ms;
        // What comes first may be taken before what comes later is there.
        for (const { at } of this.#inTime().filter((each) => each.at <= end)) {
          this.#now = at;
          this.#settle();
        }
        this.#now = end;
      }
    }
    this.#settle();
  }

  shown(): Shown {
    const delayed = this.#inTime().map(({ request, at }) => `${describe(request)} in ${at - this.#now}`);
    const ready = this.#sorted().map(describe);
    return {
      // The turns of classes depend on what is done meanwhile.
      ready: this.#kind.order === 'fair' ? ready.toSorted() : ready,
      processing: [...this.#processing].map(([key, request]) => {
        const again = this.#again.get(key);
        return `${describe(request)}${again ? `, again ${describe(again)}` : ''}`;
      }),
      delayed,
      failures: Keys.map((key) => this.#failures.get(key) ?? 0),
      closed: this.#closed,
      heard: this.#heard.splice(0).toSorted(),
    };
  }

  #addAfter(request: ModelRequest, ms: number): void {
    if (this.#closed) return this.#drop(request, 'refused');
    const { key } = request.item;
    const waiting = this.#again.has(key) || this.#ready.some(({ item }) => item.key === key);
    if (ms === 0 || (this.#kind.mergeDelays && waiting)) return this.#addNow(request);
    const known = this.#delayed.find((each) => each.request.item.key === key);
    const at = this.#now + ms;
    if (known) Object.assign(known, { request: merge(known.request, request), at: Math.min(known.at, at) });
    else this.#delayed.push({ request, at });
  }

  /** Of what is processed under a key, or the newest that was added there meanwhile; nothing takes the place of what is refused. */
  #retriedItem(key: string): ModelItem | undefined {
    const tried = this.#processing.get(key);
    const delayed = this.#delayed.find((each) => each.request.item.key === key)?.request;
    const later = this.#closed ? [] : [this.#again.get(key), delayed].filter((each) => each !== undefined);
    return tried && later.reduce((item, each) => newest(item, each.item), tried.item);
  }

  #addNow(request: ModelRequest): void {
    const { key } = request.item;
    const delayed = this.#delayed.find((each) => each.request.item.key === key);
    if (!delayed) return this.#add(request);
    if (this.#kind.mergeDelays) {
      this.#delayed = this.#delayed.filter((each) => each !== delayed);
      this.#add(merge(delayed.request, request));
    } else {
      delayed.request = { ...delayed.request, item: newest(delayed.request.item, request.item) };
      this.#add({ ...request, item: delayed.request.item });
    }
  }

  #add(request: ModelRequest): void {
    const { key } = request.item;
    const at = this.#ready.findIndex(({ item }) => item.key === key);
    const known = this.#ready[at];
    if (this.#processing.has(key)) this.#again.set(key, merge(this.#again.get(key), request));
    else if (known) this.#ready[at] = merge(known, request);
    else this.#ready.push(request);
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const { request } of this.#delayed.splice(0)) this.#drop(request, 'delayed');
  }

  #settle(): void {
    this.#updateTurns();
    const due = this.#inTime().filter(({ at }) => at <= this.#now);
    this.#delayed = this.#delayed.filter(({ at }) => at > this.#now);
    for (const { request } of due) {
      this.#add(request);
      this.#updateTurns();
    }
    for (let next = this.#next(); next && this.#gets.length > 0; next = this.#next()) this.#handOut(next);
    if (this.#closed && this.#ready.length === 0) {
      for (const { step } of this.#gets.splice(0)) this.#heard.push(`${step}: the end`);
    }
    if (this.#processing.size === 0) this.#endDrains(({ all }) => !all || this.#ready.length === 0);
  }

  #handOut(next: ModelRequest): void {
    this.#ready = this.#ready.filter((each) => each !== next);
    this.#processing.set(next.item.key, next);
    this.#turns = this.#turns.filter((name) => name !== classOf(next.item));
    this.#updateTurns();
    const get = this.#gets.shift();
    this.#heard.push(`${get?.step}: ${get?.verb === 'loop' ? describe(next) : describeItem(next.item)}`);
  }

  #next(): ModelRequest | undefined {
    if (this.#kind.order !== 'fair') return this.#sorted()[0];
    const [turn] = this.#turns;
    return turn === undefined ? undefined : this.#ready.find(({ item }) => classOf(item) === turn);
  }

  #sorted(): ModelRequest[] {
    return this.#kind.order === 'priority'
      ? this.#ready.toSorted((one, other) => other.priority - one.priority)
      : this.#ready;
  }

  #inTime(): { request: ModelRequest; at: number }[] {
    return this.#delayed.toSorted((one, other) => one.at - other.at);
  }

  /** Classes from which something can be taken; one that is new among them comes last. */
  #updateTurns(): void {
    const busy = (name: string | undefined): number =>
      [...this.#processing.values()].filter(({ item }) => classOf(item) === name).length;
    const open = new Set(
      this.#ready.map(({ item }) => classOf(item)).filter((name) => busy(name) < concurrencyOf(name)),
    );
    this.#turns = [...this.#turns.filter((name) => open.has(name)), ...open];
    this.#turns = [...new Set(this.#turns)];
  }

  #endDrains(ends: (drain: { all: boolean }) => boolean): void {
    for (const drain of this.#drains.filter(ends)) this.#heard.push(`${drain.step}: the end`);
    this.#drains = this.#drains.filter((drain) => !ends(drain));
  }

  #drop(request: ModelRequest, was: string): void {
    this.#heard.push(describeDrop(request, was));
  }
}

export function describe({ item, priority, reasons }: ModelRequest): string {
  return `${describeItem(item)} at ${priority} for ${reasons.join('+')}`;
}

export function describeItem({ key, version }: ModelItem): string {
  return `${key} of step ${version}`;
}

export function describeDrop(request: ModelRequest, was: string): string {
  return `dropped ${describe(request)}, was ${was}`;
}

function merge(one: ModelRequest | undefined, other: ModelRequest): ModelRequest {
  if (!one) return other;
  const reasons = [...one.reasons, ...other.reasons.filter((reason) => !one.reasons.includes(reason))];
  return { item: newest(one.item, other.item), priority: Math.max(one.priority, other.priority), reasons };
}

/** Nothing older takes the place of what was added later. */
function newest(one: ModelItem, other: ModelItem): ModelItem {
  return one.version > other.version ? one : other;
}
