import { getField, isJsonObject } from './json-value.js';
import { PatchError } from './patch-error.js';

/** Tells items of a list apart: by themselves when they are scalars, by their merge key when they are objects. */
export type Identity = (item: unknown) => string;

/** @throws PatchError from the identity, when an item is no object or lacks the merge key. */
export function identityBy(mergeKey: string | undefined, place: string): Identity {
  if (mergeKey === undefined) return (item) => JSON.stringify(item);
  return (item) => {
    if (!isJsonObject(item)) {
      throw new PatchError(`${place}: expected objects with merge key ${mergeKey}, got ${JSON.stringify(item)}`);
    }
    const key = getField(item, mergeKey);
    if (key === undefined || key === null) {
      throw new PatchError(`${place}: map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    }
    return JSON.stringify(key);
  };
}

/**
 * Orders a list: items that `order` names come in that order, the others stay in that of `before`. Where the two meet, an
 * item that is not named stands before the next named one that it stood before.
 *
 * @see https://github.com/kubernetes/design-proposals-archive/blob/main/cli/preserve-order-in-strategic-merge-patch.md
 */
export function inOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  before: readonly unknown[],
  identity: Identity,
): unknown[] {
  const named = rankBy(order, identity);
  const known = rankBy(before, identity);
  const first = items.filter((item) => named(item) < Infinity).toSorted((a, b) => named(a) - named(b));
  const others = items.filter((item) => named(item) === Infinity).toSorted((a, b) => known(a) - known(b));
  const result: unknown[] = [];
  let next = 0;
  for (const item of first) {
    const rank = known(item);
    if (rank < Infinity) for (; next < others.length && known(others[next]) < rank; next++) result.push(others[next]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

/** @throws PatchError unless all items of the patch are in the order, one after the other. */
export function checkOrder(
  items: readonly unknown[],
  order: readonly unknown[],
  identity: Identity,
  place: string,
): void {
  if (order.length === 0) return;
  const ordered = order.map(identity)[Symbol.iterator]();
  for (const item of items) {
    const id = identity(item);
    let next = ordered.next();
    while (!next.done && next.value !== id) next = ordered.next();
    if (next.done) throw new PatchError(`${place}: the order of the patch does not match the one of its directive`);
  }
}

/** Gives the place of an item in a list, `Infinity` for one that is not in it. */
function rankBy(list: readonly unknown[], identity: Identity): (item: unknown) => number {
  const ranks = new Map<string, number>();
  for (const [index, item] of list.entries()) {
    const id = identity(item);
    if (!ranks.has(id)) ranks.set(id, index);
  }
  return (item) => ranks.get(identity(item)) ?? Infinity;
}
