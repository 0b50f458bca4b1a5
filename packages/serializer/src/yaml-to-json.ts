import { isAlias, isMap, isNode, isScalar, isSeq, type Pair, Scalar, type YAMLMap } from 'yaml';
import { type LineAndColumn, YamlError } from './yaml-error.js';

/** How many values aliases may add to a document: a few lines of aliases of aliases can stand for billions. */
const MaxAliasedValues = 100_000;

/** The place of an offset in the text. */
export type Position = (offset: number) => LineAndColumn;

/**
 * The content of a document as plain JSON: string keys, no shared objects, and `__proto__` a key like any other.
 *
 * @throws YamlError for keys that are no scalars or not unique, aliases that contain themselves or multiply beyond the
 * limit, and unresolved aliases.
 */
export function toJson(content: unknown, position: Position): unknown {
  return new Conversion(position).value(content);
}

class Conversion {
  readonly #position: Position;
  /** What each anchor stands for so far; undefined while the value is being converted. */
  readonly #anchors = new Map<string, unknown>();
  #aliasedValues = 0;

  constructor(position: Position) {
    this.#position = position;
  }

  value(node: unknown): unknown {
    if (isAlias(node)) return this.#copy(this.#aliased(node.source, node), node);
    const anchor = isNode(node) && 'anchor' in node ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const value = this.#plain(node);
    if (anchor !== undefined) this.#anchors.set(anchor, value);
    return value;
  }

  #plain(node: unknown): unknown {
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (!isScalar(node)) return null;
    if (typeof node.value === 'number' && !Number.isFinite(node.value))
      throw this.#error('JSON has no such number', node);
    return node.value;
  }

  #map(node: YAMLMap): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    const merges: Pair[] = [];
    for (const pair of node.items) {
      if (isMergeKey(pair.key)) {
        merges.push(pair);
        continue;
      }
      const key = this.#key(pair.key, node);
      if (entries.has(key)) throw this.#error('keys must be unique', pair.key);
      entries.set(key, this.value(pair.value));
    }
    // Keys of the map itself win, then those of earlier sources.
    for (const { value } of merges) {
      const source = this.value(value);
      for (const each of Array.isArray(source) ? source : [source]) {
        if (!isObject(each)) throw this.#error('only maps can be merged', value);
        for (const [key, merged] of Object.entries(each)) if (!entries.has(key)) entries.set(key, merged);
      }
    }
    return Object.fromEntries(entries);
  }

  #key(node: unknown, map: YAMLMap): string {
    const value = this.value(node);
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) throw this.#error('the number is too large', node);
    if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
    throw this.#error('keys must be strings', node ?? map);
  }

  #aliased(anchor: string, alias: unknown): unknown {
    if (!this.#anchors.has(anchor)) throw this.#error('the alias refers to nothing before it', alias);
    const value = this.#anchors.get(anchor);
    if (value === undefined) throw this.#error('the alias is part of what it refers to', alias);
    return value;
  }

  #copy(value: unknown, alias: unknown): unknown {
    if (++this.#aliasedValues > MaxAliasedValues) throw this.#error('too many values come from aliases', alias);
    if (Array.isArray(value)) return value.map((element) => this.#copy(element, alias));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, this.#copy(field, alias)]));
  }

  #error(problem: string, at: unknown): YamlError {
    return new YamlError(problem, this.#position(isNode(at) ? (at.range?.[0] ?? 0) : 0));
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === Scalar.PLAIN && key.value === '<<' && key.tag === undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
