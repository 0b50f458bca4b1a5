import type { OpenApiSchema } from './component-schema.js';
import { ProtobufWriter } from './protobuf-writer.js';

const RefPrefix = '#/components/schemas/';
const Types: ReadonlySet<unknown> = new Set(['array', 'boolean', 'integer', 'number', 'object', 'string']);

/** What becomes of a value that OpenAPI 2.0 cannot say to be of two types. */
const Choices: ReadonlyMap<string, OpenApiSchema> = new Map<string, OpenApiSchema>([
  ['int-or-string', { type: 'string', format: 'int-or-string' }],
]);

/**
 * An OpenAPI 2.0 document in the protobuf form of `gnostic`, with definitions only: what kubectl needs to check the
 * elements of a `List` before it sends them one by one.
 *
 * @param schemas - components of OpenAPI 3.0 documents, by name.
 * @see https://github.com/google/gnostic-models/blob/main/openapiv2/OpenAPIv2.proto
 */
export function v2Document(schemas: OpenApiSchema): Uint8Array {
  const names = new Set(Object.keys(schemas));
  return new ProtobufWriter()
    .text(1, '2.0')
    .message(2, (info) => info.text(1, 'Kubernetes').text(2, 'unversioned'))
    .message(8, () => {})
    .message(9, (definitions) => writeNamed(definitions, schemas, names))
    .bytes();
}

/** A map from names to schemas. */
function writeNamed(map: ProtobufWriter, schemas: OpenApiSchema, names: ReadonlySet<string>): void {
  for (const [name, schema] of Object.entries(schemas)) {
    map.message(1, (entry) => {
      entry.text(1, name).message(2, (value) => writeSchema(value, schema, names));
    });
  }
}

/** What kubectl cannot read is written as an empty schema, which stands for anything. */
function writeSchema(message: ProtobufWriter, value: unknown, names: ReadonlySet<string>): void {
  const schema = simplified(value);
  const { $ref: ref, type, format, required, items, properties, additionalProperties } = schema;
  if (typeof ref === 'string') {
    const name = ref.slice(RefPrefix.length);
    if (ref.startsWith(RefPrefix) && names.has(name)) message.text(1, `#/definitions/${name}`);
    return;
  }
  if (!Types.has(type) || (type === 'array' && !isSchema(items))) return;
  if (typeof format === 'string') message.text(2, format);
  if (Array.isArray(required)) for (const name of required) message.text(19, String(name));
  if (isSchema(additionalProperties)) {
    message.message(21, (item) => item.message(1, (inner) => writeSchema(inner, additionalProperties, names)));
  }
  message.message(22, (item) => item.text(1, String(type)));
  if (type === 'array') message.message(23, (item) => item.message(1, (inner) => writeSchema(inner, items, names)));
  if (isSchema(properties)) message.message(25, (map) => writeNamed(map, properties, names));
  const kinds = schema['x-kubernetes-group-version-kind'];
  if (kinds !== undefined) {
    message.message(31, (extension) => {
      extension.text(1, 'x-kubernetes-group-version-kind');
      // JSON is YAML.
      extension.message(2, (any) => any.text(2, JSON.stringify(kinds)));
    });
  }
}

/** A schema in the terms of OpenAPI 2.0; what cannot be said in them becomes anything. */
function simplified(value: unknown): OpenApiSchema {
  if (!isSchema(value)) return {};
  const { allOf, format } = value;
  if (Array.isArray(allOf) && allOf.length === 1) return simplified(allOf[0]);
  const anything = value['nullable'] === true || value['x-kubernetes-preserve-unknown-fields'] === true;
  return anything ? {} : (Choices.get(String(format)) ?? value);
}

function isSchema(value: unknown): value is OpenApiSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
