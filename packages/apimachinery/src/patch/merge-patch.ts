import { copyObject, getField, isJsonObject, setField } from './json-value.js';

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` deletes, everything else replaces.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result = isJsonObject(document) ? copyObject(document) : {};
  for (const field of Object.keys(patch)) {
    const value = patch[field];
    if (value === null) delete result[field];
    else setField(result, field, applyMergePatch(getField(result, field), value));
  }
  return result;
}
