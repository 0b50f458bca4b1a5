import type { KubernetesObject } from '@client-ts/apimachinery';
import {
  type DeletedObject,
  metaNamespaceKey,
  type ResourceEventHandler,
  splitMetaNamespaceKey,
} from '@client-ts/cache';
import type { ServerHistory } from './server-history.js';
import { wholeObject } from './whole-object.js';

/**
 * A handler to which only what can have happened is told: each state was one at the server, of each object a later one
 * than before; what is added was not there, and what is changed or deleted was. What is not so is kept as a problem,
 * since an informer survives handlers that throw.
 */
export class LegalHistory implements ResourceEventHandler<KubernetesObject> {
  readonly problems: string[] = [];
  readonly #truth: ServerHistory;
  readonly #missesStates: boolean;
  /** Versions of what is there as far as the handler knows, and of what was. */
  readonly #known = new Map<string, string>();
  readonly #newest = new Map<string, number>();
  /** How often each was told to be deleted. */
  readonly #deletions = new Map<string, number>();
  /** What was told, to be compared in the end: a watch may be faster than the answer to the write that it tells of. */
  readonly #states: KubernetesObject[] = [];

  /** @param missesStates - it is told of the latest states only, and so maybe not of the last before a deletion that nobody saw. */
  constructor(truth: ServerHistory, missesStates = false) {
    this.#truth = truth;
    this.#missesStates = missesStates;
  }

  onAdd(object: KubernetesObject): void {
    const key = metaNamespaceKey(object);
    if (this.#known.has(key)) this.problems.push(`${key} was added, and was there already`);
    this.#see(key, object);
  }

  onUpdate(before: KubernetesObject, after: KubernetesObject): void {
    const key = metaNamespaceKey(after);
    if (this.#known.get(key) !== before.metadata?.resourceVersion)
      this.problems.push(`${key} changed from a state that was never told: ${before.metadata?.resourceVersion}`);
    this.#see(key, after);
  }

  onDelete({ key, object, finalStateUnknown }: DeletedObject<KubernetesObject>): void {
    const last = this.#known.get(key);
    if (!this.#known.delete(key)) this.problems.push(`${key} was deleted, and was not there`);
    this.#deletions.set(key, (this.#deletions.get(key) ?? 0) + 1);
    const version = object?.metadata?.resourceVersion;
    const may = this.#missesStates ? Number(version) >= Number(last) : version === last;
    if (finalStateUnknown && !may) this.problems.push(`${key} went unseen, but as of ${version} instead of ${last}`);
    if (!finalStateUnknown) this.#advance(key, version);
  }

  /** @throws Error unless the handler knows of exactly these objects, and nothing was told that cannot have happened. */
  expectKnown(objects: readonly KubernetesObject[]): void {
    for (const state of this.#states.splice(0))
      if (!this.#truth.knows(wholeObject(state)))
        this.problems.push(`no object was ever like ${JSON.stringify(state)}`);
    const wanted = objects
      .map((object) => `${metaNamespaceKey(object)}@${object.metadata?.resourceVersion}`)
      .toSorted();
    const known = [...this.#known].map(([key, version]) => `${key}@${version}`).toSorted();
    if (wanted.join() !== known.join())
      this.problems.push(`was told of ${known.join()} in the end, not ${wanted.join()}`);
    if (this.problems.length > 0) throw new Error(`illegal history: ${this.problems.join('; ')}`);
  }

  /** @throws Error when an object was told to be deleted more often than somebody did so by name. */
  expectDeleted(): void {
    for (const [key, told] of this.#deletions) {
      const times = this.#truth.deletionsOf(splitMetaNamespaceKey(key).name);
      if (told > times) throw new Error(`${key} was told to be deleted ${told} times, and was ${times} times`);
    }
  }

  #see(key: string, object: KubernetesObject): void {
    this.#states.push(object);
    this.#known.set(key, object.metadata?.resourceVersion ?? '');
    this.#advance(key, object.metadata?.resourceVersion);
  }

  #advance(key: string, version: string | undefined): void {
    const newest = this.#newest.get(key) ?? 0;
    if (!(Number(version) > newest)) this.problems.push(`${key} went back from ${newest} to ${version}`);
    this.#newest.set(key, Number(version));
  }
}
