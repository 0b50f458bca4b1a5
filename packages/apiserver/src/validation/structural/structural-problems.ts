import type { StatusCause } from '@client-ts/apimachinery/errors';
import { forbidden, invalid, required, unsupported } from '../../rules/causes.js';
import { isFields } from '../json-fields.js';
import {
  hasExtension,
  itemsSchema,
  type JsonSchema,
  propertiesOf,
  propertySchema,
  schemaOf,
  schemasAt,
  stringsAt,
  valuesSchema,
} from './json-schema.js';
import { patternProblem } from './pattern.js';
import { prune } from './prune.js';
import { validateValue } from './validate-value.js';

const Types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const ListTypes = ['atomic', 'set', 'map'];

/** Parts of JSON schema that would make it impossible to prune and to default. */
const Unsupported = ['$ref', 'additionalItems', 'definitions', 'dependencies', 'id', 'patternProperties'];

/** What says something about the shape of a value, and so may not stand inside `allOf` and the like. */
const Shape = ['description', 'type', 'title', 'nullable', 'additionalProperties'];

/** Where a schema stands: its type may be left open nowhere. */
type Role = 'root' | 'field' | 'element';

/** What keeps a schema from being structural, and what else is wrong with it. */
export function structuralProblems(schema: JsonSchema, field: string): StatusCause[] {
  return nodeProblems(schema, field, 'root');
}

function nodeProblems(schema: JsonSchema, field: string, role: Role): StatusCause[] {
  const values = valuesSchema(schema);
  const items = itemsSchema(schema);
  return [
    ...(role === 'root' ? rootProblems(schema, field) : []),
    ...keywordProblems(schema, field),
    ...extensionProblems(schema, field),
    ...listProblems(schema, field),
    ...defaultProblems(schema, field),
    ...(role === 'root' || hasExtension(schema, 'embedded-resource') ? metadataProblems(schema, field) : []),
    ...propertiesOf(schema).flatMap(([name, property]) =>
      nodeProblems(property, `${field}.properties[${name}]`, 'field'),
    ),
    ...(values ? nodeProblems(values, `${field}.additionalProperties`, 'field') : []),
    ...(items ? nodeProblems(items, `${field}.items`, 'element') : []),
    ...choiceProblems(schema, field),
    ...(role === 'root' ? [] : typeProblems(schema, field, role)),
  ];
}

function keywordProblems(schema: JsonSchema, field: string): StatusCause[] {
  const causes = Unsupported.filter((name) => schema[name] !== undefined).map((name) =>
    forbidden(`${field}.${name}`, `${name} is not supported`),
  );
  if (schema['uniqueItems'] === true) {
    const problem = 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic';
    causes.push(forbidden(`${field}.uniqueItems`, problem));
  }
  if (isFields(schema['properties']) && valuesSchema(schema)) {
    const problem = 'additionalProperties and properties are mutual exclusive';
    causes.push(forbidden(`${field}.additionalProperties`, problem));
  }
  return [...causes, ...patternProblems(schema, field)];
}

function patternProblems({ pattern }: JsonSchema, field: string): StatusCause[] {
  const problem = typeof pattern === 'string' ? patternProblem(pattern) : undefined;
  if (problem === undefined) return [];
  return [invalid(`${field}.pattern`, pattern, `must be a valid regular expression, but isn't: ${problem}`)];
}

function rootProblems(schema: JsonSchema, field: string): StatusCause[] {
  const { type } = schema;
  const causes: StatusCause[] = [];
  if (schema['nullable'] === true) causes.push(forbidden(`${field}.nullable`, 'nullable cannot be true at the root'));
  if (type === undefined) causes.push(required(`${field}.type`, 'must not be empty at the root'));
  else if (type !== 'object') causes.push(invalid(`${field}.type`, type, 'must be object at the root'));
  if (valuesSchema(schema)) causes.push(forbidden(`${field}.additionalProperties`, 'must not be used at the root'));
  return causes;
}

function typeProblems(schema: JsonSchema, field: string, role: Role): StatusCause[] {
  const { type } = schema;
  if (type === undefined) {
    const open =
      schema['$ref'] !== undefined ||
      hasExtension(schema, 'int-or-string') ||
      hasExtension(schema, 'preserve-unknown-fields') ||
      hasExtension(schema, 'embedded-resource');
    const place = role === 'element' ? 'array items' : 'object fields';
    return open ? [] : [required(`${field}.type`, `must not be empty for specified ${place}`)];
  }
  const causes = Types.includes(type as string) ? [] : [unsupported(`${field}.type`, type, Types)];
  if (type === 'null') {
    causes.push(forbidden(`${field}.type`, 'type cannot be set to null, use nullable as an alternative'));
  }
  return causes;
}

function extensionProblems(schema: JsonSchema, field: string): StatusCause[] {
  const causes: StatusCause[] = [];
  if (schema['x-kubernetes-preserve-unknown-fields'] === false) {
    causes.push(invalid(`${field}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  }
  if (!hasExtension(schema, 'embedded-resource')) return causes;
  if (propertiesOf(schema).length === 0 && !hasExtension(schema, 'preserve-unknown-fields')) {
    const problem =
      'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields';
    causes.push(required(`${field}.properties`, problem));
  }
  const problem = 'must be object if x-kubernetes-embedded-resource is true';
  if (schema['type'] === undefined) causes.push(required(`${field}.type`, problem));
  else if (schema['type'] !== 'object') causes.push(invalid(`${field}.type`, schema['type'], problem));
  return causes;
}

function listProblems(schema: JsonSchema, field: string): StatusCause[] {
  const { type, items } = schema;
  const listType = schema['x-kubernetes-list-type'];
  const causes: StatusCause[] = [];
  if (Array.isArray(items)) causes.push(forbidden(`${field}.items`, 'items must be a schema object and not an array'));
  else if (type === 'array' && items === undefined) causes.push(required(`${field}.items`, 'must be specified'));
  if (listType === undefined) return causes;
  if (type === undefined)
    causes.push(required(`${field}.type`, 'must be array if x-kubernetes-list-type is specified'));
  else if (type !== 'array') {
    causes.push(invalid(`${field}.type`, type, 'must be array if x-kubernetes-list-type is specified'));
  }
  if (!ListTypes.includes(listType as string)) {
    causes.push(unsupported(`${field}.x-kubernetes-list-type`, listType, ListTypes));
  }
  if (listType === 'map') causes.push(...mapListProblems(schema, field));
  if (listType === 'set') causes.push(...setListProblems(schema, field));
  return causes;
}

function mapListProblems(schema: JsonSchema, field: string): StatusCause[] {
  const keysField = `${field}.x-kubernetes-list-map-keys`;
  const keys = stringsAt(schema, 'x-kubernetes-list-map-keys');
  const causes = keys.length > 0 ? [] : [required(keysField, 'must not be empty if x-kubernetes-list-type is map')];
  const items = itemsSchema(schema);
  if (!items) return [...causes, required(`${field}.items`, 'must have a schema if x-kubernetes-list-type is map')];
  const needed = stringsAt(items, 'required');
  for (const key of keys) {
    const property = propertySchema(items, key);
    if (!property) return [...causes, invalid(keysField, keys, 'entries must all be names of item properties')];
    if (property['default'] === undefined && !needed.includes(key)) {
      const problem =
        'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property';
      causes.push(required(`${field}.items.properties[${key}].default`, problem));
    }
  }
  return causes;
}

function setListProblems(schema: JsonSchema, field: string): StatusCause[] {
  const items = itemsSchema(schema);
  if (items?.['type'] !== 'object' || items['x-kubernetes-map-type'] === 'atomic') return [];
  const problem = 'must be atomic as item of a list with x-kubernetes-list-type=set';
  return [invalid(`${field}.items.x-kubernetes-map-type`, items['x-kubernetes-map-type'], problem)];
}

function defaultProblems(schema: JsonSchema, field: string): StatusCause[] {
  const value = schema['default'];
  if (value === undefined) return [];
  const unknown: string[] = [];
  if (isFields(value)) prune(value, schema, (metadata) => metadata, unknown);
  if (unknown.length > 0) return [invalid(`${field}.default`, value, 'must not have unknown fields')];
  return validateValue(value, schema, '').map((cause) => ({
    ...cause,
    field: cause.field ? `${field}.default.${cause.field}` : `${field}.default`,
  }));
}

function metadataProblems(schema: JsonSchema, field: string): StatusCause[] {
  const metadata = propertySchema(schema, 'metadata');
  const named = metadata ? propertiesOf(metadata).map(([name]) => name) : [];
  if (named.every((name) => name === 'name' || name === 'generateName')) return [];
  const problem = 'must not specify anything other than name and generateName, but metadata is implicitly specified';
  return [forbidden(`${field}.properties[metadata]`, problem)];
}

/** Schemas among which a value may choose can only say more about a shape that is given already. */
function choiceProblems(schema: JsonSchema, field: string): StatusCause[] {
  const lists = ['allOf', 'anyOf', 'oneOf'].flatMap((name) =>
    schemasAt(schema, name).map((choice, i) => [choice, `${field}.${name}[${i}]`] as const),
  );
  const not = schemaOf(schema['not']);
  const choices = not ? [...lists, [not, `${field}.not`] as const] : lists;
  const anyType = hasExtension(schema, 'int-or-string');
  return choices.flatMap(([choice, place]) => shapeProblems(choice, place, anyType));
}

function shapeProblems(schema: JsonSchema, field: string, anyType: boolean): StatusCause[] {
  const values = valuesSchema(schema);
  const items = itemsSchema(schema);
  const causes = Shape.filter((name) => schema[name] !== undefined && !(name === 'type' && anyType)).map((name) =>
    forbidden(`${field}.${name}`, 'must be empty to be structural'),
  );
  if (schema['default'] !== undefined) causes.push(forbidden(`${field}.default`, 'must be undefined to be structural'));
  return [
    ...keywordProblems(schema, field),
    ...causes,
    ...propertiesOf(schema).flatMap(([name, property]) =>
      shapeProblems(property, `${field}.properties[${name}]`, false),
    ),
    ...(values ? shapeProblems(values, `${field}.additionalProperties`, false) : []),
    ...(items ? shapeProblems(items, `${field}.items`, false) : []),
    ...choiceProblems(schema, field).filter(() => !anyType),
  ];
}
