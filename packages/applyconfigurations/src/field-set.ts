import { canonical, isJsonObject, type JsonObject } from './json.js';
import { ManagedFieldsError } from './managed-fields-error.js';

/** So deep that no object of the API gets there: a set that goes on is made to exhaust its reader. */
const MaxDepth = 500;
/** The elements of a list have one set of keys; a few more when keys are optional. */
const MaxKeySets = 16;

/** Which parts of a value a manager owns: the value as a whole, or, where there are members, those. */
export interface FieldSet {
  /** The value is owned beside its members, and so remains when none of them does. */
  readonly self: boolean;
  /** By the name of the field. */
  readonly fields: ReadonlyMap<string, FieldSet>;
  readonly elements: ElementSet | undefined;
}

/** Whether only the value as a whole is owned, whatever that means for its type. */
export function isLeaf({ fields, elements }: FieldSet): boolean {
  return fields.size === 0 && elements === undefined;
}

/**
 * Reads `fieldsV1`: `f:` is a field, `k:` an element by its keys, `v:` an element by its value, `i:` an element by its place, and
 * `.` the value itself.
 *
 * @see https://github.com/kubernetes-sigs/structured-merge-diff/tree/master/fieldpath
 * @throws ManagedFieldsError when it is anything else.
 */
export function parseFieldSet(fieldsV1: unknown, place: string, depth = 0): FieldSet {
  if (!isJsonObject(fieldsV1)) throw new ManagedFieldsError(`${place}: expected an object`);
  if (depth > MaxDepth) throw new ManagedFieldsError(`${place}: more than ${MaxDepth} levels deep`);
  const fields = new Map<string, FieldSet>();
  let elements: ElementSet | undefined;
  let self = false;
  for (const [key, members] of Object.entries(fieldsV1)) {
    if (key === '.') {
      self = true;
      continue;
    }
    const [kind, text] = [key.slice(0, 2), key.slice(2)];
    const set = parseFieldSet(members, place, depth + 1);
    if (kind === 'f:') fields.set(text, set);
    else if (kind === 'k:' || kind === 'v:' || kind === 'i:') {
      elements ??= new ElementSet(place);
      elements.add(kind, parseElement(text, place), set);
    } else throw new ManagedFieldsError(`${place}: cannot read ${quoted(key)}`);
  }
  return { self, fields, elements };
}

/** The owned elements of one list. */
export class ElementSet {
  readonly #place: string;
  readonly #byValue = new Map<string, FieldSet>();
  readonly #byIndex = new Map<number, FieldSet>();
  /** By the names of the keys, and then by their values. */
  readonly #byKeys = new Map<string, { readonly names: readonly string[]; readonly sets: Map<string, FieldSet> }>();

  constructor(place: string) {
    this.#place = place;
  }

  add(kind: 'k:' | 'v:' | 'i:', element: unknown, set: FieldSet): void {
    if (kind === 'v:') this.#byValue.set(canonical(element), set);
    else if (kind === 'i:') this.#byIndex.set(Number(element), set);
    else if (isJsonObject(element)) this.#addKeyed(element, set);
    else throw new ManagedFieldsError(`${this.#place}: the keys of an element should be an object`);
  }

  /** What is owned of the element at `index`, and by which keys it was found. */
  find(element: unknown, index: number): { readonly set: FieldSet; readonly keys: readonly string[] } | undefined {
    if (isJsonObject(element)) {
      for (const { names, sets } of this.#byKeys.values()) {
        const set = sets.get(canonical(keysOf(element, names)));
        if (set) return { set, keys: names };
      }
    }
    const set = this.#byIndex.get(index) ?? (this.#byValue.size > 0 && this.#byValue.get(canonical(element)));
    return set ? { set, keys: [] } : undefined;
  }

  #addKeyed(keys: JsonObject, set: FieldSet): void {
    const names = Object.keys(keys).toSorted();
    const signature = canonical(names);
    const known = this.#byKeys.get(signature) ?? { names, sets: new Map<string, FieldSet>() };
    known.sets.set(canonical(keys), set);
    this.#byKeys.set(signature, known);
    if (this.#byKeys.size > MaxKeySets) {
      throw new ManagedFieldsError(`${this.#place}: one list has elements with more than ${MaxKeySets} sets of keys`);
    }
  }
}

/** The key fields of an element, those that it has. */
export function keysOf(element: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.filter((name) => Object.hasOwn(element, name)).map((name) => [name, element[name]]));
}

function parseElement(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ManagedFieldsError(`${place}: ${quoted(text)} is not JSON`, { cause });
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
