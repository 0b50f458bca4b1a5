import type { ApiSchema } from '@client-ts/api/schema';
import type { CheckedObject, ObjectToCheck } from '../object-checker.js';
import { DecodeError } from './decoding/decode-error.js';
import { duplicateFields } from './decoding/duplicate-fields.js';
import { type DecodedType, decodeType } from './decoding/type-decoder.js';
import { defaultObject } from './defaulting/default-object.js';
import { keepAllocated } from './defaulting/service-update.js';
import { objectProblems } from './rules/check-object.js';

/** Checks an object of a built-in type: reads it as Go would, puts in defaults, and applies the rules of its type. */
export function checkBuiltIn(schema: ApiSchema, typeName: string, input: ObjectToCheck): CheckedObject {
  const { object, old, subresource, text, fieldValidation } = input;
  let decoded: DecodedType;
  try {
    decoded = decodeType(schema, typeName, object);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { object, warnings: [], strictErrors: [], decodeError: error.message, causes: [] };
  }
  const fields = { ...decoded.value };
  if (old && subresource === '' && typeName === 'io.k8s.api.core.v1.Service') keepAllocated(fields, old);
  defaultObject(schema, typeName, fields);
  const strictErrors = strictProblems(decoded.unknown, fieldValidation === 'Ignore' ? undefined : text);
  return {
    object: fields,
    warnings: fieldValidation === 'Warn' ? strictErrors : [],
    strictErrors,
    causes: subresource === '' ? objectProblems(schema, typeName, fields, old as Record<string, unknown>) : [],
  };
}

/** What a strict decoder refuses. */
export function strictProblems(unknown: readonly string[], text: string | undefined): string[] {
  const duplicates = text === undefined ? [] : duplicateFields(text);
  return [
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
}
