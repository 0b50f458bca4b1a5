import { type FieldSet, isLeaf, keysOf } from './field-set.js';
import { isJsonObject, type JsonObject } from './json.js';

/**
 * The part of a value that `mine` names, as a copy. What is no longer there is left out.
 *
 * A set does not say whether a value that is owned as a whole is one thing (a label selector, a list of arguments) or a
 * container that was applied empty. It is a container where `others` own parts of it, and is then given empty.
 */
export function ownedPart(value: unknown, mine: FieldSet, others: readonly FieldSet[]): unknown {
  if (isLeaf(mine)) {
    if (others.every(isLeaf)) return structuredClone(value);
    return Array.isArray(value) ? [] : isJsonObject(value) ? {} : value;
  }
  if (Array.isArray(value)) {
    const elements = ownedElements(value, mine, others);
    return elements.length > 0 || mine.self ? elements : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const fields = ownedFields(value, mine, others);
  return fields.length > 0 || mine.self ? Object.fromEntries(fields) : undefined;
}

function ownedFields(value: JsonObject, mine: FieldSet, others: readonly FieldSet[]): [string, unknown][] {
  return Object.entries(value).flatMap(([name, field]): [string, unknown][] => {
    const set = mine.fields.get(name);
    const theirs = others.flatMap(({ fields }) => fields.get(name) ?? []);
    const part = set && ownedPart(field, set, theirs);
    return part === undefined ? [] : [[name, part]];
  });
}

function ownedElements(value: readonly unknown[], mine: FieldSet, others: readonly FieldSet[]): unknown[] {
  return value.flatMap((element, index) => {
    const found = mine.elements?.find(element, index);
    if (!found) return [];
    const theirs = others.flatMap(({ elements }) => elements?.find(element, index)?.set ?? []);
    const part = ownedPart(element, found.set, theirs);
    // Who applies an element owns its keys, but for those that the server filled in. Without any it would be nothing.
    const hasKey = found.keys.length === 0 || found.keys.some((key) => found.set.fields.has(key));
    if (hasKey || !isJsonObject(element)) return part === undefined ? [] : [part];
    return [{ ...keysOf(element, found.keys), ...(part as JsonObject | undefined) }];
  });
}
