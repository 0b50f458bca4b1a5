import type { Clock, UndecodableObject, WatchEvent } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import { CacheError, type CacheErrorHandler, type CacheStage } from './error-handler.js';
import { versionSent } from './has-changed.js';
import type { HealthRecord } from './health.js';
import { metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from './key.js';
import type { ReflectorStore, Replacement } from './queue.js';
import { startReplacement } from './replacement.js';
import { classifyFailure, UnknownDeletionError } from './watch-failure.js';

/**
 * What a source gives, on its way into a store. One object that cannot be taken is reported with its key, where that can be
 * read, and keeps no other from being taken:
 *
 * - What the store has of it stays. Of an object of a list whose key cannot be read nobody knows which it is; so nothing that
 *   the store has is taken for deleted by that list, and the next one is not to be put off for too long.
 * - Its deletion is one. Where nobody knows of what, only a list helps, without which the store would keep what is gone.
 */
export class Intake<T extends CachedObject> {
  readonly #name: string;
  readonly #store: ReflectorStore<T>;
  readonly #health: HealthRecord;
  readonly #onError: CacheErrorHandler;
  readonly #clock: Clock;
  #resourceVersion = '';
  #replacements = 0;
  /** Objects of the list that is read now, or was read last, whose keys could not be read. */
  #unknown = 0;
  #guessedMs: number | undefined;
  #items = 0;

  /** @param name - of the objects, for messages. */
  constructor(name: string, store: ReflectorStore<T>, health: HealthRecord, onError: CacheErrorHandler, clock: Clock) {
    this.#name = name;
    this.#store = store;
    this.#health = health;
    this.#onError = onError;
    this.#clock = clock;
  }

  /** The newest version that was handed to the store; `""` before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** How many lists were handed to the store. */
  get replacements(): number {
    return this.#replacements;
  }

  /**
   * When the last list was handed to the store, if it had an object whose key could not be read: from then on the store may hold
   * what is gone.
   */
  get guessedMs(): number | undefined {
    return this.#guessedMs;
  }

  /** How many objects have come since {@link startRequest}. */
  get items(): number {
    return this.#items;
  }

  startRequest(): void {
    this.#items = 0;
  }

  /** Begins a list, or begins it anew. */
  startReplacement(): Replacement<T> {
    this.#unknown = 0;
    return startReplacement(this.#store);
  }

  /** An object of a list, or of initial events. */
  gather(object: T, replacement: Replacement<T>): void {
    this.#items++;
    if (this.#checkName(object)) replacement.add(object);
    else this.#leaveOut(replacement, undefined);
  }

  /** Initial events may already be followed by the deletion of the same objects. @throws UnknownDeletionError */
  gatherDeletion(object: T, replacement: Replacement<T>): void {
    this.#items++;
    if (!this.#checkName(object)) throw new UnknownDeletionError();
    replacement.delete(object);
  }

  /**
   * An object of a list, or of initial events, of which no more is known than what it is about, at best.
   *
   * @throws UnknownDeletionError
   */
  gatherUndecodable(found: UndecodableObject, replacement: Replacement<T>): void {
    const key = this.#reportUndecodable(found);
    if (found.type !== 'DELETED') this.#leaveOut(replacement, key);
    else if (key === undefined) throw new UnknownDeletionError();
    else replacement.delete(onlyNamed(key) as T);
  }

  /** These are all objects there are. */
  replace(replacement: Replacement<T>, resourceVersion: string): void {
    replacement.commit(resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#replacements++;
    this.#guessedMs = this.#unknown === 0 ? undefined : this.#clock.now();
  }

  /** @throws UnknownDeletionError */
  change({ type, object }: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void {
    this.#items++;
    if (!this.#checkName(object)) {
      if (type === 'DELETED') throw new UnknownDeletionError();
      return this.#pass(object);
    }
    try {
      if (type === 'ADDED') this.#store.add(object);
      else if (type === 'MODIFIED') this.#store.update(object);
      else this.#store.delete(object);
    } catch (error) {
      this.#reportObject(object, error);
    }
  }

  /** Of a deletion it is enough to know what it is about. @throws UnknownDeletionError where that is not known. */
  changeUndecodable(found: UndecodableObject): void {
    const key = this.#reportUndecodable(found);
    if (found.type === 'DELETED') this.#deleteKey(key);
    this.#pass(found);
  }

  bookmark(resourceVersion: string): void {
    this.#store.bookmark(resourceVersion);
  }

  /** Everything up to this version has been handed to the store. */
  reached(resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
  }

  /** What is part of a watch's life is not reported; everything else is. */
  report(stage: CacheStage, error: unknown, signal: AbortSignal): void {
    if (signal.aborted || classifyFailure(error) === 'expired') return;
    this.#onError(new CacheError(stage, `${this.#name}: ${stage} failed`, error));
  }

  #leaveOut(replacement: Replacement<T>, key: ObjectKey | undefined): void {
    if (key === undefined) this.#unknown++;
    replacement.leaveOut?.(key);
  }

  #deleteKey(key: ObjectKey | undefined): void {
    if (key === undefined) throw new UnknownDeletionError();
    try {
      if (this.#store.deleteKey) this.#store.deleteKey(key);
      else this.#store.delete(onlyNamed(key) as T);
    } catch (error) {
      this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
    }
  }

  /** The store is told of the version of what it was not given, so that it can know how far it is. */
  #pass(object: CachedObject): void {
    const version = versionSent(object);
    if (version !== undefined) this.#store.bookmark(version);
  }

  #checkName(object: T): boolean {
    if (isNamed(object.metadata)) return true;
    this.#reportObject(object, new TypeError('object has no metadata.name'));
    return false;
  }

  #reportObject({ metadata }: T, error: unknown): void {
    const key = keyOf(metadata);
    this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
  }

  /** Returns the key, if that is known. */
  #reportUndecodable({ error, metadata }: UndecodableObject): ObjectKey | undefined {
    const key = keyOf(metadata);
    this.#health.undecodable();
    const what = key === undefined ? 'cannot decode an object whose key cannot be read' : 'cannot decode';
    this.#onError(new CacheError('decode', `${this.#name}: ${what}`, error, key));
    return key;
  }
}

/** Of metadata that may be anything. */
function isNamed(metadata: CachedObject['metadata']): boolean {
  const { namespace = '', name } = metadata ?? {};
  return typeof name === 'string' && name !== '' && typeof namespace === 'string';
}

function keyOf(metadata: CachedObject['metadata']): ObjectKey | undefined {
  return isNamed(metadata) ? metaNamespaceKey({ metadata }) : undefined;
}

function onlyNamed(key: ObjectKey): CachedObject {
  return { metadata: splitMetaNamespaceKey(key) };
}
