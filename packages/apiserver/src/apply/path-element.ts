import { isObject, type ListKey, type ListShape } from './shape.js';

/** One step of a path as `fieldsV1` writes it: `f:name`, `k:{"name":"web"}`, `v:"x"` or `i:0`. */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

/** What tells an item of a list apart; `undefined` for an item that has nothing to be told apart by. */
export function itemElement({ by }: ListShape, item: unknown): PathElement | undefined {
  if (by === 'place') return undefined;
  if (by === 'value') return typeof item === 'object' ? undefined : `v:${JSON.stringify(item)}`;
  if (!isObject(item)) return undefined;
  const keys = by.map((key): [string, unknown] => [key.name, keyValue(item, key)]);
  const given = keys.filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : keyElement(given);
}

function keyValue(item: Readonly<Record<string, unknown>>, key: ListKey): unknown {
  return Object.hasOwn(item, key.name) ? item[key.name] : key.default;
}

function keyElement(keys: readonly (readonly [string, unknown])[]): PathElement {
  return `k:${JSON.stringify(Object.fromEntries(keys.toSorted(([a], [b]) => (a < b ? -1 : 1))))}`;
}

/**
 * Reads an element as a client wrote it, in the one form that it has here.
 *
 * @returns `undefined` for a kind of element that is not known, which is skipped.
 * @throws SyntaxError for text that is no element.
 */
export function parseElement(text: string): PathElement | undefined {
  const content = text.slice('f:'.length);
  if (text[1] !== ':') throw new SyntaxError(`missing colon: ${text}`);
  switch (text[0]) {
    case 'f':
      return text;
    case 'v':
      return `v:${JSON.stringify(JSON.parse(content))}`;
    case 'i':
      if (!/^-?\d+$/.test(content)) throw new SyntaxError(`not an index: ${content}`);
      return `i:${Number(content)}`;
    case 'k': {
      const keys: unknown = JSON.parse(content);
      if (!isObject(keys)) throw new SyntaxError(`not an object: ${content}`);
      return keyElement(Object.entries(keys));
    }
    default:
      return undefined;
  }
}

const Kinds = 'fkvi';

/** The order of elements: fields, keys, values, indices; numbers by their size. */
export function compareElements(a: PathElement, b: PathElement): number {
  const [kindA = '', kindB = ''] = [a[0], b[0]];
  if (kindA !== kindB) return Kinds.indexOf(kindA) - Kinds.indexOf(kindB);
  const [textA, textB] = [a.slice('f:'.length), b.slice('f:'.length)];
  if (kindA === 'f') return compareValues(textA, textB);
  const [valueA, valueB]: unknown[] = [JSON.parse(textA), JSON.parse(textB)];
  if (!isObject(valueA) || !isObject(valueB)) return compareValues(valueA, valueB);
  const [keysA, keysB] = [Object.entries(valueA), Object.entries(valueB)];
  for (const [index, [name, value]] of keysA.entries()) {
    const [otherName = '', otherValue] = keysB[index] ?? [];
    const order = compareValues(name, otherName) || compareValues(value, otherValue);
    if (order !== 0) return order;
  }
  return keysA.length - keysB.length;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [textA, textB] =
    typeof a === 'string' && typeof b === 'string' ? [a, b] : [JSON.stringify(a), JSON.stringify(b)];
  return textA < textB ? -1 : textA > textB ? 1 : 0;
}

/** A path as errors show it: `.spec.containers[name="web"].image`. */
export function formatPath(path: readonly PathElement[]): string {
  return path.map(formatElement).join('');
}

function formatElement(element: PathElement): string {
  const text = element.slice('f:'.length);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  if (element.startsWith('i:')) return `[${text}]`;
  const keys = JSON.parse(text) as Record<string, unknown>;
  return `[${Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}]`;
}
