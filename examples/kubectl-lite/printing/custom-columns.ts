import { type JsonPath, parseJsonPath, relaxedJsonPath } from '@client-ts/jsonpath';
import type { TabWriter } from './tab-writer.js';

/** A table with columns of one's own, each a path in JSONPath. */
export class CustomColumns {
  readonly #columns: readonly { readonly header: string; readonly path: JsonPath }[];
  #headersPrinted: boolean;

  /**
   * @param spec - `NAME:.metadata.name,…`
   * @throws Error that says which column is wrong.
   */
  constructor(spec: string, noHeaders: boolean) {
    if (spec === '') throw new Error('custom-columns format specified but no custom columns given');
    this.#columns = spec.split(',').map((part) => {
      const [header, ...path] = part.split(':');
      if (path.length === 0)
        throw new Error(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
      return { header: header!, path: parseJsonPath(relaxedJsonPath(path.join(':'))) };
    });
    this.#headersPrinted = noHeaders;
  }

  print(objects: readonly object[], writer: TabWriter): void {
    if (!this.#headersPrinted) writer.write(`${this.#columns.map(({ header }) => header).join('\t')}\n`);
    this.#headersPrinted = true;
    for (const object of objects) {
      const cells = this.#columns.map(({ path }) => path.printCell(object, { allowMissingKeys: true }));
      writer.write(`${cells.join('\t')}\n`);
    }
  }
}
