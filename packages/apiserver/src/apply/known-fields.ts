import { FieldSet } from './field-set.js';

type FieldsV1 = Readonly<Record<string, unknown>>;

/** So many texts are kept at most; after that all are forgotten, and come again. */
const MaxKnown = 1000;

const texts = /* @__PURE__ */ new Map<string, FieldsV1>();
const sets = /* @__PURE__ */ new WeakMap<object, FieldSet>();

/**
 * Reads `fieldsV1`. What {@link writeFields} has given is not read again.
 *
 * @throws SyntaxError when it is not well formed.
 */
export function readFields(fields: unknown): FieldSet {
  return (typeof fields === 'object' && fields !== null && sets.get(fields)) || FieldSet.parse(fields);
}

/**
 * A set as `fieldsV1`, which nobody may change. Objects of one kind mostly have the same owners of the same fields: they
 * share one `fieldsV1`, which would otherwise be the larger part of them.
 */
export function writeFields(set: FieldSet): FieldsV1 {
  const fields = set.toJSON();
  if (sets.has(fields)) return fields;
  const text = JSON.stringify(fields);
  const known = texts.get(text);
  if (known) return known;
  if (texts.size >= MaxKnown) texts.clear();
  texts.set(text, fields);
  sets.set(fields, set);
  return fields;
}
