import type { Raw } from './raw-schema.js';

/**
 * The schemas of one document that have been looked at, by what they are written as: there are never more of them than the document
 * has places, however long somebody walks through recursive ones.
 */
export class SchemaTable<S> {
  /** Those of the document that have names. */
  readonly named: Raw;
  readonly #ids = new Map<unknown, number>();
  readonly #schemas = new Map<string, S>();

  constructor(named: Raw) {
    this.named = named;
  }

  /** The schema that is written so, which `make` makes the first time. */
  get(written: readonly unknown[], inGoType: boolean, make: () => S): S {
    const key = `${written.map((part) => this.#idOf(part)).join()} ${inGoType}`;
    const known = this.#schemas.get(key);
    if (known) return known;
    const made = make();
    this.#schemas.set(key, made);
    return made;
  }

  #idOf(part: unknown): number {
    let id = this.#ids.get(part);
    if (id === undefined) {
      id = this.#ids.size;
      this.#ids.set(part, id);
    }
    return id;
  }
}
