import { checkDepth } from './check-depth.js';
import { copyObject, getField, isJsonObject, setField } from './json-value.js';

/**
 * Applies a JSON merge patch (RFC 7386): objects are merged, `null` deletes, everything else replaces.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 *
 * @throws PatchError when the patch is nested deeper than anything in an API.
 */
export function applyMergePatch(document: unknown, patch: unknown): unknown {
  checkDepth(patch);
  return merge(document, patch);
}

function merge(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  const result = isJsonObject(document) ? copyObject(document) : {};
  for (const field of Object.keys(patch)) {
    const value = patch[field];
    if (value === null) delete result[field];
    else setField(result, field, merge(getField(result, field), value));
  }
  return result;
}
