import type { CachedObject } from './deep-readonly.js';
import { allChanges } from './all-changes.js';
import type { Backlog } from './backlog.js';
import type { Notification } from './event-handler.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import { isInitialAdd, type NotificationBatch } from './notification-batch.js';

/** What the handler is to be told of one object: one change, or a deletion and that there is another of its name. */
interface Pending<T> {
  readonly ms: number;
  changes: readonly Notification<T>[];
}

/**
 * A backlog of no more than the latest state of each object: what the handler has not been told of yet becomes one change with
 * what happens next. Updates become one from the state that the handler knows to the newest; what was added and is gone again
 * is not told of at all; a deletion that was seen is always told of, before what has taken the object's place.
 *
 * So the handler's history is a legal one, from which states are missing that it was too slow for; and no more waits than
 * twice the number of objects that have changed, and one list.
 */
export function latestStates<T extends CachedObject>(): Backlog<T> {
  return new LatestStates<T>();
}

class LatestStates<T extends CachedObject> implements Backlog<T> {
  /** A list, told of as it came, before what follows. */
  readonly #list = allChanges<T>();
  /** In the order in which the objects have changed first. */
  #pending = new Map<ObjectKey, Pending<T>>();
  /** Goes on where it was, before all there are: the first entry of a map from which many were deleted is long to find. */
  #oldest: Iterator<[ObjectKey, Pending<T>]> | undefined;
  /** The rest of what the handler is told of an object. */
  readonly #rest = allChanges<T>();
  #length = 0;
  #initialAdds = 0;

  get length(): number {
    return this.#list.length + this.#rest.length + this.#length;
  }

  get initialAdds(): number {
    return this.#list.initialAdds + this.#rest.initialAdds + this.#initialAdds;
  }

  get oldestMs(): number | undefined {
    if (this.#list.length > 0) return this.#list.oldestMs;
    if (this.#rest.length > 0) return this.#rest.oldestMs;
    for (const { ms } of this.#pending.values()) return ms;
    return undefined;
  }

  push(notification: Notification<T>, now: () => number): void {
    const key = keyOf(notification);
    const pending = this.#pending.get(key);
    const before = pending?.changes ?? [];
    const changes = merge(before, notification);
    this.#count(before, -1);
    this.#count(changes, 1);
    if (changes.length === 0) this.#pending.delete(key);
    else if (pending) pending.changes = changes;
    else this.#pending.set(key, { ms: now(), changes });
  }

  /** One by one when the handler is behind: lists that follow each other are as good as changes. */
  pushAll(batch: NotificationBatch<T>, now: () => number): void {
    if (this.length === 0) this.#list.pushAll(batch, now);
    else for (let at = 0; at < batch.length; at++) this.push(batch.at(at), now);
  }

  shift(): Notification<T> | undefined {
    return this.#list.shift() ?? this.#rest.shift() ?? this.#shiftPending();
  }

  clear(): void {
    this.#list.clear();
    this.#rest.clear();
    this.#forget();
    this.#length = 0;
    this.#initialAdds = 0;
  }

  #shiftPending(): Notification<T> | undefined {
    if (this.#pending.size === 0) return undefined;
    this.#oldest ??= this.#pending.entries();
    const next = this.#oldest.next();
    if (next.done) return undefined;
    const [key, { ms, changes }] = next.value;
    this.#pending.delete(key);
    if (this.#pending.size === 0) this.#forget();
    this.#count(changes, -1);
    const [first, ...rest] = changes;
    for (const change of rest) this.#rest.push(change, () => ms);
    return first;
  }

  #forget(): void {
    this.#pending = new Map();
    this.#oldest = undefined;
  }

  #count(changes: readonly Notification<T>[], by: 1 | -1): void {
    this.#length += by * changes.length;
    for (const change of changes) if (isInitialAdd(change)) this.#initialAdds += by;
  }
}

/** What a handler that waits for `pending` is to be told once `next` has happened, too. */
function merge<T>(pending: readonly Notification<T>[], next: Notification<T>): readonly Notification<T>[] {
  const last = pending.at(-1);
  if (!last) return [next];
  const earlier = pending.slice(0, -1);
  if (last.type === 'delete') return next.type === 'delete' ? pending : [...pending, next];
  if (next.type === 'delete') return last.type === 'add' ? earlier : [...earlier, next];
  const object = next.type === 'add' ? next.object : next.newObject;
  return [...earlier, last.type === 'add' ? { ...last, object } : { ...last, newObject: object }];
}

function keyOf<T extends CachedObject>(notification: Notification<T>): ObjectKey {
  if (notification.type === 'delete') return notification.deleted.key;
  return metaNamespaceKey(notification.type === 'add' ? notification.object : notification.newObject);
}
