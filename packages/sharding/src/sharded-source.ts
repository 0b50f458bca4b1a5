import {
  compareResourceVersion,
  type ItemStream,
  type KubernetesList,
  type KubernetesObject,
  type ListerWatcher,
  type ListOptions,
  onAbort,
  type UndecodableObject,
  type Watch,
  type WatchEvent,
  type WatchOptions,
} from '@client-ts/apimachinery';
import { type CachedObject, metaNamespaceKey, type ObjectKey } from '@client-ts/cache';
import { type Given, startedWith } from './given.js';
import { LetGo } from './let-go.js';
import type { ShardSet } from './shard-set.js';
import { WatchRound } from './watch-round.js';

/** Who leaves out what is in other shards: the server, or this client, which is sent everything. */
export type FilteredBy = 'server' | 'client';

export interface ShardedSourceOptions {
  /** Told when it becomes known, and when it changes. */
  readonly onFilteredBy?: ((by: FilteredBy) => void) | undefined;
}

/**
 * The part of a source that is in some shards, for one Reflector.
 *
 * The server is asked for those alone (KEP-5866), and what it gives is looked at all the same, before anybody keeps it: servers that
 * do not know of shards give everything. The list of one that does echoes the selector, which `onFilteredBy` tells of.
 *
 * When the shards change, a watch goes on from where it was with the others: what is in shards that were lost is told of as deleted,
 * in the form of {@link LetGo}; what is in those that were gained is listed, as it is now, and told of as added. Nothing else
 * is read anew.
 */
export class ShardedSource<T extends KubernetesObject> implements ListerWatcher<T> {
  readonly #source: ListerWatcher<T>;
  readonly #set: ShardSet;
  readonly #onFilteredBy: (by: FilteredBy) => void;
  /** Gives the state that the reader has of an object. Set by who knows the reader. */
  lastOf: (key: ObjectKey) => CachedObject | undefined = () => undefined;
  #filteredBy: FilteredBy | undefined;
  #given = new Map<number, Given>();
  /** The version of what the reader was given last, and how far the watch was then: what is listed may be older than that. */
  #last = { shown: '', reached: '' };

  constructor(source: ListerWatcher<T>, set: ShardSet, { onFilteredBy }: ShardedSourceOptions = {}) {
    this.#source = source;
    this.#set = set;
    this.#onFilteredBy = onFilteredBy ?? (() => {});
  }

  get origin(): ListerWatcher<T>['origin'] {
    return this.#source.origin;
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<T>> {
    const stream = this.listItems(options);
    const items: T[] = [];
    for await (const item of stream) items.push(item);
    return { ...stream.list!, items };
  }

  listItems(options: ListOptions = {}): ItemStream<T> {
    let list: KubernetesList<never> | undefined;
    const given = options.continue ? this.#given : startedWith(this.#set.shards);
    const items = this.#items(options, given, (page) => {
      list = page;
      this.#given = given;
      this.#last = { shown: '', reached: '' };
    });
    return {
      get list() {
        return list;
      },
      [Symbol.asyncIterator]: () => items,
      [Symbol.asyncDispose]: async () => void (await items.return(undefined)),
    };
  }

  watch(options: WatchOptions = {}): Watch<T> {
    const stop = new AbortController();
    const events = this.#watch(options, stop);
    return {
      [Symbol.asyncIterator]: () => events,
      [Symbol.asyncDispose]: async () => {
        stop.abort(new Error('the watch was disposed of'));
        await events.return(undefined);
      },
    };
  }

  /** Reads a page into `given`, and what it is a page of into `taken`. */
  async *#items(
    options: ListOptions,
    given: Map<number, Given>,
    taken: (page: KubernetesList<never>) => void,
  ): AsyncGenerator<T, void> {
    const shardSelector = this.#set.layout.selectorOf(given.keys());
    const asked = this.#asked(options, shardSelector, given);
    let others = false;
    const take = (item: T): boolean => {
      const own = this.#take(item, given);
      others ||= !own;
      return own;
    };
    let page: KubernetesList<never>;
    if (this.#source.listItems) {
      await using stream = this.#source.listItems(asked);
      for await (const item of stream) if (take(item)) yield item;
      if (!stream.list) throw new TypeError('the source ended a list without saying of which version it is');
      page = stream.list;
    } else {
      const { items, ...list } = await this.#source.list(asked);
      for (const item of items) if (take(item)) yield item;
      page = { ...list, items: [] };
    }
    if (page.metadata.shardInfo?.selector === shardSelector && !others) this.#tell('server');
    if (!page.metadata.continue) for (const each of given.values()) each.complete = true;
    taken(page);
  }

  async *#watch(options: WatchOptions, stop: AbortController): AsyncGenerator<WatchEvent<T>, void> {
    const { resourceVersion = '', signal } = options;
    let reached = resourceVersion === this.#last.shown ? this.#last.reached : resourceVersion;
    let initial = options.sendInitialEvents === true;
    if (initial) this.#given = startedWith(this.#set.shards);
    const { sendInitialEvents: _, resourceVersionMatch: __, ...further } = options;
    if (signal?.aborted) stop.abort(signal.reason);
    const unlink = signal && onAbort(signal, () => stop.abort(signal.reason));
    try {
      for (;;) {
        const given = this.#given;
        if (!initial) yield* this.#catchUp(reached, { ...further, signal: stop.signal });
        using round = new WatchRound(stop.signal, this.#set, () => !initial && this.#hasChanged);
        if (round.check()) continue;
        const how = { ...(initial ? options : further), resourceVersion: reached, signal: round.signal };
        try {
          for await (const event of this.#source.watch(
            this.#asked(how, this.#set.layout.selectorOf(given.keys()), given),
          )) {
            const version = event.object.metadata?.resourceVersion ?? reached;
            if (initial && event.type === 'BOOKMARK') {
              initial = false;
              for (const each of given.values()) each.complete = true;
            }
            if (!initial) reached = version;
            if (event.type === 'BOOKMARK' || this.#takeChange(event, given)) {
              if (!initial) this.#last = { shown: version, reached };
              yield event;
            }
            if (round.check()) break;
          }
        } catch (error) {
          if (!round.isOver) throw error;
        }
        if (!round.isOver) return;
      }
    } finally {
      unlink?.();
    }
  }

  get #hasChanged(): boolean {
    const { shards } = this.#set;
    return shards.size !== this.#given.size || ![...shards].every((shard) => this.#given.get(shard)?.complete);
  }

  /** Gives what makes the reader's state that of the shards there are now, while the watch stands at `reached`. */
  async *#catchUp(reached: string, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void> {
    if (!this.#hasChanged) return;
    while (this.#hasChanged) {
      const { shards } = this.#set;
      for (const [shard, given] of this.#given) {
        if (shards.has(shard)) continue;
        for (const key of given.keys) yield this.#letGo(given, key, reached);
        this.#given.delete(shard);
      }
      yield* this.#gain(
        [...shards].filter((shard) => !this.#given.get(shard)?.complete),
        reached,
        options,
      );
    }
    this.#last = { shown: reached, reached };
    yield { type: 'BOOKMARK', object: { metadata: { resourceVersion: reached } } };
  }

  async *#gain(gained: readonly number[], reached: string, options: WatchOptions): AsyncGenerator<WatchEvent<T>, void> {
    if (gained.length === 0) return;
    const fresh = startedWith(gained);
    /** What an attempt before has given, and may be gone. */
    const stale = new Set<ObjectKey>();
    for (const [shard, given] of fresh) {
      for (const key of this.#given.get(shard)?.keys ?? []) {
        given.keys.add(key);
        stale.add(key);
      }
      this.#given.set(shard, given);
    }
    const { allowWatchBookmarks: _, timeoutSeconds: __, resourceVersion: ___, ...now } = options;
    let version: string | undefined;
    for await (const object of this.#items(now, fresh, ({ metadata }) => (version = metadata.resourceVersion))) {
      stale.delete(metaNamespaceKey(object));
      this.#last = { shown: object.metadata?.resourceVersion ?? reached, reached };
      yield { type: 'ADDED', object };
    }
    for (const given of fresh.values()) given.since = version;
    for (const given of fresh.values())
      for (const key of given.keys) if (stale.has(key)) yield this.#letGo(given, key, reached);
  }

  #letGo({ keys }: Given, key: ObjectKey, reached: string): WatchEvent<T> {
    this.#last = { shown: reached, reached };
    keys.delete(key);
    // What it is made into knows it by its class.
    return { type: 'DELETED', object: new LetGo(key, reached, this.lastOf) as KubernetesObject as T };
  }

  #asked<O extends WatchOptions>(options: O, shardSelector: string, given: Map<number, Given>): O {
    const { onUndecodable } = options;
    if (!onUndecodable) return { ...options, shardSelector };
    const own = (found: UndecodableObject): void => {
      const { metadata } = found;
      // Whose it is may not be known; then it is everybody's.
      const shard = this.#set.layout.shardOf(metadata ?? {});
      if (shard === undefined || given.has(shard)) onUndecodable(found);
    };
    return { ...options, shardSelector, onUndecodable: own };
  }

  /** Whether an object is in one of these shards. */
  #take(object: T, given: Map<number, Given>): boolean {
    const own = this.#givenOf(object, given);
    own?.keys.add(metaNamespaceKey(object));
    return own !== undefined;
  }

  #takeChange({ type, object }: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>, given: Map<number, Given>): boolean {
    const own = this.#givenOf(object, given);
    if (!own) return false;
    const version = object.metadata?.resourceVersion;
    if (own.since !== undefined && version !== undefined) {
      if (compareResourceVersion(version, own.since) <= 0) return false;
      own.since = undefined;
    }
    if (type === 'DELETED') own.keys.delete(metaNamespaceKey(object));
    else own.keys.add(metaNamespaceKey(object));
    return true;
  }

  #givenOf({ metadata }: T, given: Map<number, Given>): Given | undefined {
    const shard = this.#set.layout.shardOf(metadata ?? {});
    const own = shard === undefined ? undefined : given.get(shard);
    if (!own) this.#tell('client');
    return own;
  }

  #tell(by: FilteredBy): void {
    if (by === this.#filteredBy) return;
    this.#filteredBy = by;
    this.#onFilteredBy(by);
  }
}
