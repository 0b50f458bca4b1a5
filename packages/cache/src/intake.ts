import type { UndecodableObject, WatchEvent } from '@client-ts/apimachinery';
import type { CachedObject } from './deep-readonly.js';
import { CacheError, type CacheErrorHandler, type CacheStage } from './error-handler.js';
import type { HealthRecord } from './health.js';
import { metaNamespaceKey, type ObjectKey, splitMetaNamespaceKey } from './key.js';
import type { ReflectorStore, Replacement } from './queue.js';
import { startReplacement } from './replacement.js';
import { classifyFailure } from './watch-failure.js';

/**
 * What a source gives, on its way into a store. One object that cannot be taken is reported with its key, where that can be
 * read, and keeps no other from being taken.
 */
export class Intake<T extends CachedObject> {
  readonly #name: string;
  readonly #store: ReflectorStore<T>;
  readonly #health: HealthRecord;
  readonly #onError: CacheErrorHandler;
  #resourceVersion = '';
  #replacements = 0;
  #items = 0;

  /** @param name - of the objects, for messages. */
  constructor(name: string, store: ReflectorStore<T>, health: HealthRecord, onError: CacheErrorHandler) {
    this.#name = name;
    this.#store = store;
    this.#health = health;
    this.#onError = onError;
  }

  /** The newest version that was handed to the store; `""` before the first list. */
  get resourceVersion(): string {
    return this.#resourceVersion;
  }

  /** How many lists were handed to the store. */
  get replacements(): number {
    return this.#replacements;
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
    return startReplacement(this.#store);
  }

  /** An object of a list, or of initial events. */
  gather(object: T, replacement: Replacement<T>): void {
    this.#items++;
    if (this.#checkName(object)) replacement.add(object);
  }

  /** Initial events may already be followed by the deletion of the same objects. */
  gatherDeletion(object: T, replacement: Replacement<T>): void {
    this.#items++;
    if (this.#checkName(object)) replacement.delete(object);
  }

  /** An object of a list, or of initial events, of which no more is known than what it is about, at best. */
  gatherUndecodable(found: UndecodableObject, replacement: Replacement<T>): void {
    const key = this.#reportUndecodable(found);
    if (key === undefined) return;
    if (found.type === 'DELETED') replacement.delete(onlyNamed(key) as T);
    else replacement.leaveOut?.(key);
  }

  /** These are all objects there are. */
  replace(replacement: Replacement<T>, resourceVersion: string): void {
    replacement.commit(resourceVersion);
    this.#resourceVersion = resourceVersion;
    this.#replacements++;
  }

  change({ type, object }: Exclude<WatchEvent<T>, { type: 'BOOKMARK' }>): void {
    this.#items++;
    try {
      if (!this.#checkName(object)) return;
      if (type === 'ADDED') this.#store.add(object);
      else if (type === 'MODIFIED') this.#store.update(object);
      else this.#store.delete(object);
    } catch (error) {
      this.#reportObject(object, error);
    }
  }

  /** Of a deletion it is enough to know what it is about. */
  changeUndecodable(found: UndecodableObject): void {
    const key = this.#reportUndecodable(found);
    if (key === undefined || found.type !== 'DELETED') return;
    try {
      if (this.#store.deleteKey) this.#store.deleteKey(key);
      else this.#store.delete(onlyNamed(key) as T);
    } catch (error) {
      this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
    }
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

  #checkName(object: T): boolean {
    if (isNamed(object.metadata)) return true;
    this.#reportObject(object, new TypeError('object has no metadata.name'));
    return false;
  }

  #reportObject({ metadata }: T, error: unknown): void {
    const key = [metadata?.namespace, metadata?.name].filter((part) => typeof part === 'string' && part).join('/');
    this.#onError(new CacheError('object', `${this.#name}: cannot store`, error, key));
  }

  /** Returns the key, if that is known. */
  #reportUndecodable({ error, metadata }: UndecodableObject): ObjectKey | undefined {
    const key = isNamed(metadata) ? metaNamespaceKey({ metadata }) : undefined;
    this.#health.undecodable();
    this.#onError(new CacheError('decode', `${this.#name}: cannot decode`, error, key));
    return key;
  }
}

/** Of metadata that may be anything. */
function isNamed(metadata: CachedObject['metadata']): boolean {
  const { namespace = '', name } = metadata ?? {};
  return typeof name === 'string' && name !== '' && typeof namespace === 'string';
}

function onlyNamed(key: ObjectKey): CachedObject {
  return { metadata: splitMetaNamespaceKey(key) };
}
