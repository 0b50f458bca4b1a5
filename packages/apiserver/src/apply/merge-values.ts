import { itemElement, type PathElement } from './path-element.js';
import {
  fieldShape,
  isObject,
  isWhole,
  type JsonObject,
  type ListShape,
  type ObjectShape,
  type Shape,
  shapeOfValue,
} from './shape.js';

/** The live value with what an applied one says. Nothing is removed. Pure; the result shares parts with both. */
export function mergeValues(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const known = shapeOfValue(shape, applied ?? live);
  if (isWhole(known)) return applied;
  if (known.kind === 'object') {
    const [mine, theirs] = [isObject(applied) ? applied : {}, isObject(live) ? live : {}];
    return isEmptyObject(mine) && isEmptyObject(theirs) ? applied : mergeObjects(known, theirs, mine);
  }
  if (known.kind !== 'list') return applied;
  const [mine, theirs] = [Array.isArray(applied) ? applied : [], Array.isArray(live) ? live : []];
  return mine.length === 0 && theirs.length === 0 ? applied : mergeLists(known, theirs, mine);
}

function isEmptyObject(object: JsonObject): boolean {
  return Object.keys(object).length === 0;
}

function mergeObjects(shape: ObjectShape, live: JsonObject, applied: JsonObject): unknown {
  const names = new Set([...Object.keys(live), ...Object.keys(applied)]);
  return Object.fromEntries(
    [...names].map((name) => {
      const mine = Object.hasOwn(applied, name) ? applied[name] : undefined;
      const theirs = Object.hasOwn(live, name) ? live[name] : undefined;
      return [name, mergeValues(fieldShape(shape, name), theirs, mine)];
    }),
  );
}

/**
 * Items that both have come in the order of the applied list. Live items that it does not name stay where they were among
 * them, and new ones stand before the next item that both have.
 */
function mergeLists(shape: ListShape, live: readonly unknown[], applied: readonly unknown[]): unknown[] {
  const lives = itemsByElement(shape, live);
  const wanted = applied.map((item) => ({ item, element: itemElement(shape, item) }));
  const named = new Set(wanted.map(({ element }) => element));
  const shared = [...wanted.keys()].filter((index) => lives.has(wanted[index]?.element)).values();
  const merged: unknown[] = [];
  let taken = 0;
  const takeUntil = (end: number): void => {
    for (const { item, element } of wanted.slice(taken, end)) {
      merged.push(mergeValues(shape.item, lives.get(element), item));
    }
    taken = end;
  };
  let next = shared.next();
  for (const item of live) {
    const element = itemElement(shape, item);
    if (!named.has(element)) {
      merged.push(item);
    } else if (!next.done && wanted[next.value]?.element === element) {
      takeUntil(next.value + 1);
      next = shared.next();
    }
  }
  takeUntil(wanted.length);
  return merged;
}

/** Items by what tells them apart. One that the list repeats has no value: it is replaced, not merged. */
function itemsByElement(shape: ListShape, list: readonly unknown[]): ReadonlyMap<PathElement | undefined, unknown> {
  const items = new Map<PathElement | undefined, unknown>();
  for (const item of list) {
    const element = itemElement(shape, item);
    items.set(element, items.has(element) ? undefined : item);
  }
  return items;
}
