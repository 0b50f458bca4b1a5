import { OpenApiError } from './open-api-error.js';
import { isRaw, listIn, memberOf, type Raw } from './raw-schema.js';
import { shownName } from './shown-name.js';

/** Real schemas have two: a default, and the reference beside it. */
const MaxParts = 64;

const RefPattern = /^#\/(?:components\/schemas|definitions)\/([^/]+)$/;

/** What a schema is made of, once references are followed and `allOf` is taken apart. */
export interface SchemaParts {
  /** Of the schema that the first reference leads to. */
  readonly name: string | undefined;
  /** In the order in which they are written; all of them count. */
  readonly parts: readonly Raw[];
}

/**
 * Follows references and `allOf`.
 *
 * @param schemas - those of the document that have names.
 * @param place - names the schema in errors.
 * @throws OpenApiError on a reference that leads nowhere, out of the document, or back to itself, and on more than 64 parts.
 */
export function schemaParts(schemas: Raw, written: readonly unknown[], place: string): SchemaParts {
  const parts: Raw[] = [];
  const names: string[] = [];
  const pending = written.toReversed().map((schema) => ({ schema, via: [] as readonly string[] }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { schema, via } = next;
    if (!isRaw(schema)) throw new OpenApiError('malformed', `${place}: a schema should be an object`);
    if (parts.push(schema) > MaxParts) {
      throw new OpenApiError('tooLarge', `${place}: a schema has more than ${MaxParts} parts`);
    }
    for (const part of listIn(schema, 'allOf')
      .slice(0, MaxParts + 1)
      .toReversed())
      pending.push({ schema: part, via });
    const ref = memberOf(schema, '$ref');
    if (ref === undefined) continue;
    const name = refName(ref, place);
    if (via.includes(name))
      throw new OpenApiError('malformed', `${place}: the reference to ${shownName(name)} is a cycle`);
    const target = memberOf(schemas, name);
    if (target === undefined) throw new OpenApiError('malformed', `${place}: there is no schema ${shownName(name)}`);
    names.push(name);
    pending.push({ schema: target, via: [...via, name] });
  }
  return { name: names[0], parts };
}

function refName(ref: unknown, place: string): string {
  const name = typeof ref === 'string' ? RefPattern.exec(ref)?.[1] : undefined;
  if (name === undefined) {
    const shown = typeof ref === 'string' ? shownName(ref) : `of type ${typeof ref}`;
    throw new OpenApiError('malformed', `${place}: the reference ${shown} leads out of the document`);
  }
  return name.replaceAll('~1', '/').replaceAll('~0', '~');
}
