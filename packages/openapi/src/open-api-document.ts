import { formatGroupVersion, type GroupVersionKind } from '@client-ts/apimachinery';
import { OpenApiError } from './open-api-error.js';
import { isRaw, memberOf, objectIn, type Raw } from './raw-schema.js';
import { shownName } from './shown-name.js';
import { kindsIn, Schema } from './schema.js';
import { SchemaTable } from './schema-table.js';

/** The schemas of one OpenAPI document, v2 or v3. */
export class OpenApiDocument {
  /** All that the document says, as parsed from JSON. Not to be changed. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly #schemas: Raw;
  readonly #names = new Map<string, string>();
  readonly #known = new Map<string, Schema>();
  readonly #table: SchemaTable<Schema>;

  /**
   * @param document - a parsed document.
   * @throws OpenApiError (`malformed`) when it is none.
   */
  constructor(document: unknown) {
    if (!isRaw(document)) throw new OpenApiError('malformed', 'an OpenAPI document should be an object');
    this.raw = document;
    // The documents of group versions without resources have none.
    this.#schemas =
      objectIn(objectIn(document, 'components') ?? {}, 'schemas') ?? objectIn(document, 'definitions') ?? {};
    this.#table = new SchemaTable(this.#schemas);
    for (const [name, schema] of Object.entries(this.#schemas)) {
      if (!isRaw(schema)) throw new OpenApiError('malformed', `${shownName(name)}: a schema should be an object`);
      for (const kind of kindsIn(schema)) {
        const key = keyOf(kind);
        if (!this.#names.has(key)) this.#names.set(key, name);
      }
    }
  }

  /** The names of all schemas, in the order of the document. */
  get schemaNames(): readonly string[] {
    return Object.keys(this.#schemas);
  }

  /**
   * The schema of a kind, or of a name such as `io.k8s.api.core.v1.Container`.
   *
   * @throws OpenApiError (`notFound`) when the document does not have it.
   */
  schema(which: GroupVersionKind | string): Schema {
    const name = typeof which === 'string' ? which : this.#names.get(keyOf(which));
    const written = name === undefined ? undefined : memberOf(this.#schemas, name);
    if (name === undefined || written === undefined) {
      const what = shownName(typeof which === 'string' ? which : `${formatGroupVersion(which)}/${which.kind}`);
      throw new OpenApiError('notFound', `the OpenAPI document has no schema for ${what}`);
    }
    let schema = this.#known.get(name);
    if (!schema) {
      schema = new Schema([written], { table: this.#table, place: shownName(name), inGoType: false }, name);
      this.#known.set(name, schema);
    }
    return schema;
  }
}

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return JSON.stringify([group, version, kind]);
}
