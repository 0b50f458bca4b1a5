import { jsonEqual } from '../json-equal.js';
import { FieldSet } from './field-set.js';
import { type Part, partsOf } from './parts.js';
import { isWhole, type Shape, shapeOfValue } from './shape.js';

/** What is different in a new value. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

const Same: Comparison = { added: FieldSet.empty, modified: FieldSet.empty, removed: FieldSet.empty };

/** Compares two values of one shape, both of which are there. What is owned as a whole is not looked into. */
export function compareValues(shape: Shape, before: unknown, after: unknown): Comparison {
  if (before === after) return Same;
  const olds = new Map(partsOf(shapeOfValue(shape, before), before).map((part) => [part.element, part]));
  const news = new Map(partsOf(shapeOfValue(shape, after), after).map((part) => [part.element, part]));
  const differences = [...new Set([...olds.keys(), ...news.keys()])].map((element) =>
    compareParts(olds.get(element), news.get(element)),
  );
  return {
    added: joined(differences.map(({ added }) => added)),
    modified: joined(differences.map(({ modified }) => modified)),
    removed: joined(differences.map(({ removed }) => removed)),
  };
}

function compareParts(old: Part | undefined, now: Part | undefined): Comparison {
  if (!old) return now ? { ...Same, added: everything(now) } : Same;
  if (!now) return { ...Same, removed: everything(old) };
  const [wasOne, isOne] = [old.values.length === 1, now.values.length === 1];
  if (wasOne && isOne) return compareOne(old, now);
  if (wasOne !== isOne) return { ...Same, removed: everything(old), added: everything(now) };
  return jsonEqual(old.values, now.values) ? Same : { ...Same, modified: FieldSet.of([now.element]) };
}

function compareOne({ element, shape, values: [before] }: Part, { values: [after] }: Part): Comparison {
  if (jsonEqual(before, after)) return Same;
  const both = [before, after];
  const whole = both.some((value) => value !== null && isWhole(shapeOfValue(shape, value)));
  const isEmpty = both.every((value) => partsOf(shapeOfValue(shape, value), value).length === 0);
  const { added, modified, removed } = compareValues(shape, before, after);
  return {
    added: FieldSet.of([], [[element, added]]),
    modified: FieldSet.of(whole || isEmpty ? [element] : [], [[element, modified]]),
    removed: FieldSet.of([], [[element, removed]]),
  };
}

/** The path of a part, and all paths below it. Where a list repeats an item, there are none below. */
function everything({ element, shape, values }: Part): FieldSet {
  const [value] = values;
  const below = values.length === 1 ? partsOf(shapeOfValue(shape, value), value) : [];
  return FieldSet.of([element], [[element, joined(below.map(everything))]]);
}

/** The union of sets about different parts. */
function joined(sets: readonly FieldSet[]): FieldSet {
  return FieldSet.of(
    sets.flatMap(({ members }) => [...members]),
    sets.flatMap(({ children }) => [...children]),
  );
}
