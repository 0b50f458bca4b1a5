import { isJsonObject, type JsonObject, setField } from './json-value.js';
import { PatchError } from './patch-error.js';

/** `$patch: replace` or `$patch: delete` in an object, or in an item of a list. */
export const Directive = '$patch';
/** The fields that an object keeps. */
export const RetainKeys = '$retainKeys';
/** `$deleteFromPrimitiveList/field`: what leaves a list of scalars. */
export const DeleteFromList = '$deleteFromPrimitiveList';
/** `$setElementOrder/field`: the order of a list. */
export const SetElementOrder = '$setElementOrder';

export function hasDirective(value: unknown): boolean {
  return isJsonObject(value) && Object.hasOwn(value, Directive);
}

export function unknownDirective(directive: unknown, place: string): PatchError {
  return new PatchError(
    `${place}: unknown patch type ${JSON.stringify(directive)} in ${Directive}: expected "replace" or "delete"`,
  );
}

/** The field that `$directive/field` is about, or `undefined` when `key` is not this directive. */
export function fieldOf(key: string, directive: string, place: string): string | undefined {
  if (!key.startsWith(directive)) return undefined;
  if (key[directive.length] !== '/')
    throw new PatchError(`${place}: ${key} names no field: expected ${directive}/field`);
  return key.slice(directive.length + 1);
}

/** A value that takes the place of another one: directives and nulls in it mean nothing. */
export function replacement(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(replacement);
  return isJsonObject(value) ? withoutDirectives(value, replacement) : value;
}

/**
 * A value for a place that is empty; `undefined` for an object that has a directive, since there is nothing that it could
 * change. Directives never become part of an object, and neither do nulls.
 */
export function addition(value: unknown): unknown {
  if (hasDirective(value)) return undefined;
  if (Array.isArray(value)) return value.map(addition).filter((item) => item !== undefined);
  return isJsonObject(value) ? withoutDirectives(value, addition) : value;
}

function withoutDirectives(object: JsonObject, convert: (value: unknown) => unknown): JsonObject {
  const result: JsonObject = {};
  for (const field of Object.keys(object)) {
    if (object[field] === null || isDirectiveName(field)) continue;
    const value = convert(object[field]);
    if (value !== undefined) setField(result, field, value);
  }
  return result;
}

function isDirectiveName(field: string): boolean {
  return (
    field === Directive ||
    field === RetainKeys ||
    field.startsWith(`${DeleteFromList}/`) ||
    field.startsWith(`${SetElementOrder}/`)
  );
}
