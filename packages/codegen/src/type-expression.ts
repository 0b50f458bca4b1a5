import { docComment } from './doc-comment.js';
import { FactsError, type FieldFacts, type ValueFacts } from './facts.js';
import type { DeclaredType, Schema } from './schema.js';
import { commentCode, commentProse, jsonLiteral, stringLiteral } from './source-text.js';
import { shown } from './shown.js';

/** Gives the local name of a declared type. */
export type NameType = (type: DeclaredType, schemaName: string) => string;

/** The TypeScript type of a value. */
export function typeExpression(value: ValueFacts, schema: Schema, nameType: NameType): string {
  const type = withoutNull(value, schema, nameType);
  return value.nullable && type !== 'unknown' ? `${type} | null` : type;
}

function withoutNull(value: ValueFacts, schema: Schema, nameType: NameType): string {
  if (value.ref !== undefined) {
    const declared = schema.declared(value.ref);
    if (declared) return nameType(declared, value.ref);
    return typeExpression(schema.type(value.ref), schema, nameType);
  }
  const { type = 'any', items = {} } = value;
  switch (type) {
    case 'string':
      return value.enum ? value.enum.map(stringLiteral).join(' | ') : 'string';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'int-or-string':
      return 'number | string';
    case 'quantity':
      return 'string';
    case 'array':
      return `${inUnion(typeExpression(items, schema, nameType))}[]`;
    case 'map':
      return `Record<string, ${typeExpression(items, schema, nameType)}>`;
    case 'object':
      return 'Record<string, unknown>';
    case 'any':
      return union(value.oneOf ?? [], schema, nameType);
  }
  throw new FactsError(`unknown type of value ${JSON.stringify(type)}`);
}

function union(choices: readonly ValueFacts[], schema: Schema, nameType: NameType): string {
  if (choices.length === 0) return 'unknown';
  return choices.map((choice) => typeExpression(choice, schema, nameType)).join(' | ');
}

function inUnion(type: string): string {
  return type.includes(' | ') ? `(${type})` : type;
}

/** What the type does not say about a field, as a comment; empty when there is nothing. */
export function fieldComment(field: FieldFacts, schema: Schema, indent: string): string {
  const value = field.items ?? field;
  const notes = [
    ...commentProse(field.description ?? ''),
    ...formatNote(value.ref === undefined ? value : schema.type(value.ref)),
    ...(field.immutable ? ['No update may change it.'] : []),
    ...(saysSomething(field) ? [`Default: ${commentCode(jsonLiteral(field.default))}.`] : []),
    ...(field.listMapKeys ? [`Elements are told apart by ${field.listMapKeys.map(commentCode).join(' and ')}.`] : []),
  ];
  return docComment(notes, indent);
}

/** What strings and numbers mean, in words that fit one as well as many. */
function formatNote({ type, format }: ValueFacts): string[] {
  if (type === 'quantity') return ['Quantity, such as `500m` or `2Gi`.'];
  if (format === 'date-time') return ['RFC 3339 time.'];
  if (format === 'byte') return ['Base64.'];
  return format === undefined ? [] : [`Format: ${commentCode(format)}.`];
}

/** Go's zero value as the default of a required field, and `{}` as that of an object, are what the field is without one. */
function saysSomething({ default: value, required }: FieldFacts): boolean {
  if (value === undefined || shown(value) === '{}') return false;
  return !(required && (value === '' || value === 0 || value === false));
}
