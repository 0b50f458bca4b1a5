import type { GroupVersionKind } from '@client-ts/apimachinery';
import { fieldPath } from './field-path.js';
import { OpenApiError } from './open-api-error.js';
import type { Schema } from './schema.js';
import { suggestion } from './suggestion.js';
import { typeName } from './type-name.js';

/** With every field of every field, a Deployment has some 900. */
const MaxFields = 50_000;

/** No real schema has so many fields in each other, as long as recursive types are left alone. */
const MaxDepth = 250;

/** More containers in each other, without a field in between, are no real schema. */
const MaxContainers = 64;

/** A field, and what is said of it. */
export interface ExplainedField {
  readonly name: string;
  /** As `kubectl explain` writes it: `string`, `[]Container`, `map[string]Quantity`, `Object`. */
  readonly type: string;
  readonly required: boolean;
  /** Of the field alone, and often empty; that of its type comes with an explanation of its own. */
  readonly description: string;
  readonly enum: readonly unknown[] | undefined;
  readonly default: unknown;
  /** Those of its value, or of its elements or values, when all were asked for; `[]` where a type is inside of itself. */
  readonly fields?: readonly ExplainedField[] | undefined;
}

/**
 * What `kubectl explain` tells of a kind or field, for whoever puts it into words. Names and descriptions are the server's, control
 * characters and all.
 */
export interface Explanation {
  /** Of the whole object, even when one field of it is explained. */
  readonly kinds: readonly GroupVersionKind[];
  readonly type: string;
  /** That of the field first, those of its type, and of the type of its elements, next. */
  readonly descriptions: readonly string[];
  readonly enum: readonly unknown[] | undefined;
  /** Sorted by name. Those of the elements of a list, and of the values of a map. */
  readonly fields: readonly ExplainedField[];
}

export interface ExplainOptions {
  /** Also the fields of fields, to the end. Default: no. */
  readonly recursive?: boolean | undefined;
  /** With `recursive`: how many levels of fields, at least 1. Default: all. */
  readonly maxDepth?: number | undefined;
}

/**
 * Explains a kind, or a field of it.
 *
 * @param path - names of fields, such as `['spec', 'containers', 'image']`; elements of lists and values of maps have no name.
 * @throws OpenApiError (`notFound`) when there is no such field, which names the field and the one that was probably meant;
 * (`tooLarge`) when there is no end to it.
 */
export function explain(schema: Schema, path: readonly string[] = [], options: ExplainOptions = {}): Explanation {
  const { maxDepth = Infinity } = options;
  const target = follow(schema, path);
  let left = MaxFields;

  function fieldsOf(parent: Schema, inside: readonly string[], depth: number): ExplainedField[] {
    if (depth > MaxDepth) throw new OpenApiError('tooLarge', `a schema is nested deeper than ${MaxDepth} fields`);
    const [holder] = withFields(parent);
    // As the type of a field, not of the object that is explained: kubectl shows a recursive type once more, too.
    const isInside = holder.name !== undefined && holder !== schema;
    if (isInside && inside.includes(holder.name)) return [];
    const within = isInside ? [...inside, holder.name] : inside;
    return [...holder.propertyNames].toSorted().map((name) => {
      if (left-- === 0) throw new OpenApiError('tooLarge', `a schema has more than ${MaxFields} fields`);
      const field = holder.property(name)!;
      const explained = {
        name,
        type: typeName(field),
        required: holder.required.has(name),
        description: field.description,
        enum: choicesOf(field),
        default: field.default,
      };
      return options.recursive && depth + 1 < maxDepth
        ? { ...explained, fields: fieldsOf(field, within, depth + 1) }
        : explained;
    });
  }

  const [, containers] = withFields(target);
  return {
    kinds: schema.kinds,
    type: typeName(target),
    descriptions: containers.flatMap(({ descriptions }) => descriptions),
    enum: choicesOf(target),
    fields: fieldsOf(target, [], 0),
  };
}

function follow(schema: Schema, path: readonly string[]): Schema {
  let current = schema;
  let place = '';
  for (const name of path) {
    const [holder] = withFields(current);
    const next = holder.property(name);
    place = fieldPath(place, name);
    if (!next) {
      const meant = suggestion(name, holder.propertyNames);
      const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
      throw new OpenApiError('notFound', `field ${JSON.stringify(place)} does not exist${hint}`);
    }
    current = next;
  }
  return current;
}

/** What has the fields: the schema itself, or that of what it contains. And all on the way there, both included. */
function withFields(schema: Schema): readonly [Schema, readonly Schema[]] {
  const way = [schema];
  let current = schema;
  while (current.propertyNames.size === 0) {
    const content = current.items ?? current.values;
    if (!content || way.push(content) > MaxContainers) break;
    current = content;
  }
  return [current, way];
}

function choicesOf(schema: Schema): readonly unknown[] | undefined {
  return schema.enum && [...schema.enum];
}
