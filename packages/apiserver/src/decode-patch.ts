import type { JsonPatchOp, KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newInvalid, newStatusError } from '@client-ts/apimachinery/errors';
import {
  applyMergePatch,
  applyStrategicMergePatch,
  MaxJsonPatchOps,
  PatchError,
  type PatchSchema,
} from '@client-ts/apimachinery/patch';
import type { ApiRequest } from './api-request.js';
import { bodyText, contentType, jsonType, parseJson, tooLarge, unsupportedMediaType } from './body.js';
import { applyLenientJsonPatch } from './json-patch-leniency.js';

/** Makes the new object from the stored one. Pure. */
export type PatchFunction = (current: KubernetesObject) => KubernetesObject;

export const ApplyPatchType = 'application/apply-patch+yaml';
const JsonPatchType = 'application/json-patch+json';
const MergePatchType = 'application/merge-patch+json';
const StrategicPatchType = 'application/strategic-merge-patch+json';

/** The media type of a patch. @throws StatusError 415 for one that no server takes, or not for custom resources. */
export function patchType(request: ApiRequest, custom: boolean): string {
  const type = contentType(request);
  const accepted = [JsonPatchType, MergePatchType, ApplyPatchType];
  if (accepted.includes(type) || (!custom && type === StrategicPatchType)) return type;
  throw custom
    ? unsupportedMediaType(accepted)
    : newStatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
}

/**
 * Decodes a JSON, merge or strategic merge patch.
 *
 * @throws StatusError 400 when the body is no such patch; the function that it returns throws 422 when the patch does
 * not fit the object.
 */
export function decodePatch(request: ApiRequest, type: string, schema: PatchSchema | undefined): PatchFunction {
  const patch = parseJson(bodyText(request), () => newBadRequest('invalid JSON patch'));
  switch (type) {
    case JsonPatchType:
      return jsonPatch(patch);
    case MergePatchType:
      if (patch === null) throw newBadRequest('Invalid JSON Patch');
      requireObject(patch, 'error decoding patch: ');
      return (current) => guarded(() => applyMergePatch(current, patch));
    default:
      requireObject(patch ?? {}, '');
      return (current) => guarded(() => applyStrategicMergePatch(current, patch ?? {}, schema));
  }
}

function jsonPatch(patch: unknown): PatchFunction {
  const ops = patch ?? [];
  if (!Array.isArray(ops)) {
    const problem = `json: cannot unmarshal ${jsonType(patch)} into Go value of type []handlers.jsonPatchOp`;
    throw newBadRequest(`error decoding patch: ${problem}`);
  }
  if (ops.length > MaxJsonPatchOps) {
    throw tooLarge(`The allowed maximum operations in a JSON patch is ${MaxJsonPatchOps}, got ${ops.length}`);
  }
  return (current) => guarded(() => applyLenientJsonPatch(current, ops as JsonPatchOp[]));
}

function requireObject(patch: unknown, context: string): void {
  if (jsonType(patch) === 'object') return;
  throw newBadRequest(
    `${context}json: cannot unmarshal ${jsonType(patch)} into Go value of type map[string]interface {}`,
  );
}

function guarded(apply: () => unknown): KubernetesObject {
  let result: unknown;
  try {
    result = apply();
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    throw rejected();
  }
  if (jsonType(result) !== 'object') throw rejected();
  return result as KubernetesObject;
}

/** A real server does not tell what is wrong with the patch. */
function rejected(): Error {
  return newStatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

/** The patched object does not fit its types. */
export function patchedObjectFailure(problem: string, object: KubernetesObject): Error {
  const message = `Invalid value: ${JSON.stringify(JSON.stringify(object))}: ${problem}`;
  return newInvalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}
