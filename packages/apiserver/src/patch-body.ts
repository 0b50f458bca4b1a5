import type { JsonPatchOp, KubernetesObject } from '@client-ts/apimachinery';
import { newBadRequest, newInvalid } from '@client-ts/apimachinery/errors';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  type PatchSchema,
} from '@client-ts/apimachinery/patch';
import type { ApiRequest } from './api-request.js';
import { bodyText, contentType, parseJson, unsupportedMediaType } from './body.js';
import type { ServedResource } from './resource-registry.js';

/** Makes the new object from the stored one. */
export type PatchFunction = (current: KubernetesObject) => KubernetesObject;

type PatchKind = (patch: unknown, schema: PatchSchema | undefined) => (document: unknown) => unknown;

const Kinds: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': (patch) => (document) => applyJsonPatch(document, patch as JsonPatchOp[]),
  'application/merge-patch+json': (patch) => (document) => applyMergePatch(document, patch),
  'application/strategic-merge-patch+json': (patch, schema) => (document) =>
    applyStrategicMergePatch(document, patch, schema),
};

/**
 * Decodes the patch in a body.
 *
 * @throws StatusError 415 for a kind of patch that the resource does not take, 400 for one that cannot be parsed.
 */
export function decodePatch(request: ApiRequest, resource: ServedResource, schema?: PatchSchema): PatchFunction {
  const accepted = Object.keys(Kinds).filter((type) => !resource.custom || !type.includes('strategic'));
  const type = contentType(request);
  const kind = accepted.includes(type) ? Kinds[type] : undefined;
  if (!kind) throw unsupportedMediaType(accepted);
  const apply = kind(
    parseJson(bodyText(request), (problem) => newBadRequest(problem)),
    schema,
  );
  return (current) => {
    try {
      return apply(current) as KubernetesObject;
    } catch (error) {
      throw newInvalid(resource, current.metadata?.name ?? '', [
        { reason: 'FieldValueInvalid', message: (error as Error).message },
      ]);
    }
  };
}
