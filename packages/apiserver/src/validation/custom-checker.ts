import type { ApiSchema } from '@client-ts/api/schema';
import type { KubernetesObject } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import type { CheckedObject, ObjectToCheck } from '../object-checker.js';
import type { CustomResourceFacts } from '../resource-registry.js';
import { strictProblems } from './built-in-checker.js';
import { DecodeError } from './decoding/decode-error.js';
import { decodeType } from './decoding/type-decoder.js';
import { type Fields, isFields } from './json-fields.js';
import { applyDefaults } from './structural/apply-defaults.js';
import type { JsonSchema } from './structural/json-schema.js';
import { prune } from './structural/prune.js';
import { validateValue } from './structural/validate-value.js';

const ObjectMetaType = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** A schema that takes anything, where a CRD has none. */
const Anything: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** Problems after which a real server does not look at the rules in CEL any more, and says so. */
const StopsRules: ReadonlySet<string | undefined> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * Checks an object by the schema of its CRD: prunes it, puts in defaults, validates it. Rules in CEL
 * (`x-kubernetes-validations`) are not looked at.
 */
export function checkCustom(schema: ApiSchema, facts: CustomResourceFacts, input: ObjectToCheck): CheckedObject {
  const { object, old, text, fieldValidation } = input;
  const structural = facts.schema ?? Anything;
  const unknown: string[] = [];
  let pruned: Fields;
  try {
    pruned = facts.preserveUnknownFields
      ? { ...object }
      : prune(
          { ...object },
          structural,
          (metadata, path, found) => knownMetadata(schema, metadata, path, found),
          unknown,
        );
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { object, warnings: [], strictErrors: [], decodeError: error.message, causes: [] };
  }
  const defaulted = applyDefaults(pruned, structural) as KubernetesObject;
  const strictErrors = strictProblems(unknown.toSorted(), fieldValidation === 'Ignore' ? undefined : text);
  return {
    object: defaulted,
    warnings: fieldValidation === 'Warn' ? strictErrors : [],
    strictErrors,
    causes: schemaProblems(defaulted, structural, old),
  };
}

/** Metadata is not the schema's business: it has been checked by itself. */
function schemaProblems(
  object: KubernetesObject,
  schema: JsonSchema,
  old: KubernetesObject | undefined,
): StatusCause[] {
  const { metadata: _metadata, ...fields } = object;
  const { metadata: _oldMetadata, ...oldFields } = old ?? {};
  const present = { ...fields, metadata: {} };
  const causes = validateValue(present, schema, '', old && oldFields);
  if (!causes.some(({ reason }) => StopsRules.has(reason)) || !hasRules(schema)) return causes;
  const message =
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [...causes, { reason: 'FieldValueInvalid', message, field: '<nil>' }];
}

function hasRules(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  if (isFields(schema) && Array.isArray(schema['x-kubernetes-validations'])) return true;
  return Object.values(schema).some(hasRules);
}

/** @throws DecodeError where it is not metadata. */
function knownMetadata(schema: ApiSchema, metadata: unknown, path: string, unknown: string[]): unknown {
  if (path !== 'metadata') requireObject(metadata, path);
  if (!isFields(metadata)) return metadata;
  const decoded = decodeType(schema, ObjectMetaType, metadata);
  unknown.push(...decoded.unknown.map((name) => `${path}.${name}`));
  return decoded.value;
}

function requireObject(metadata: unknown, path: string): void {
  if (isFields(metadata)) return;
  const found = Array.isArray(metadata) ? 'array' : typeof metadata;
  throw new DecodeError(
    `${path}: Invalid value: ${JSON.stringify(metadata)}: json: cannot unmarshal ${found} into Go value of type v1.ObjectMeta`,
  );
}
