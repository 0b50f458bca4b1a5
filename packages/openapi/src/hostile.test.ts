import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentOf, refTo } from './document.test.kit.js';
import { explain } from './explain.js';
import { isOpenApiError } from './open-api-error.js';
import type { Schema } from './schema.js';
import { validate } from './validate.js';

const names = fc.constantFrom('A', 'B', 'C', '__proto__', 'constructor', 'io.k8s.api.x.v1.D');
const scalar = fc.oneof(fc.constant(null), fc.boolean(), fc.integer(), fc.double(), fc.string(), names);

/** Keywords with what they may hold, more often than not. */
const { schema } = fc.letrec<{ schema: unknown; keywords: object; properties: object }>((tie) => ({
  schema: fc.oneof({ maxDepth: 2 }, names.map(refTo), scalar, { weight: 4, arbitrary: tie('keywords') }),
  properties: fc.array(fc.tuple(names, tie('schema')), { maxLength: 3 }).map(objectOf),
  keywords: fc.record(
    {
      $ref: fc.oneof(
        names.map((name) => refTo(name).$ref),
        scalar,
      ),
      type: fc.oneof(fc.constantFrom('object', 'array', 'string', 'integer', 'number', 'boolean'), scalar),
      format: fc.oneof(fc.constantFrom('int32', 'int64', 'byte', 'date-time', 'int-or-string', 'toString'), scalar),
      properties: fc.oneof(tie('properties'), scalar),
      items: tie('schema'),
      additionalProperties: tie('schema'),
      allOf: fc.oneof(fc.array(tie('schema'), { maxLength: 3 }), scalar),
      required: fc.oneof(fc.array(fc.oneof(names, scalar)), scalar),
      enum: fc.oneof(fc.array(scalar), scalar),
      default: scalar,
      nullable: scalar,
      maximum: scalar,
      multipleOf: scalar,
      minLength: scalar,
      'x-kubernetes-list-type': fc.oneof(fc.constantFrom('set', 'map'), scalar),
      'x-kubernetes-list-map-keys': fc.oneof(fc.array(names), scalar),
      'x-kubernetes-embedded-resource': scalar,
      'x-kubernetes-group-version-kind': fc.oneof(
        fc.array(fc.record({ group: names, version: names, kind: scalar })),
        scalar,
      ),
    },
    { requiredKeys: [] },
  ),
}));

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map(objectOf),
  ),
}));

/** As JSON has it, where `__proto__` is a name as any other. */
function objectOf(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries);
}

test('whatever a document says, there is an answer or an error that says what is wrong', () => {
  const documents = fc.array(fc.tuple(names, schema), { maxLength: 5 }).map(objectOf);
  fc.assert(
    fc.property(documents, value, (schemas, object) => {
      for (const act of [validate, (root: Schema) => explain(root, [], { recursive: true, maxDepth: 6 })]) {
        try {
          act(documentOf(JSON.stringify(schemas)).schema('A'), object);
        } catch (error) {
          if (!isOpenApiError(error)) throw error;
        }
      }
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
