import type { ApiResponse } from '../api-request.js';
import { jsonResponse } from '../api-response.js';
import { type Call, requireSameName, requireSameNamespace } from '../call.js';
import { decodeObject, type Typed, wrongType } from '../decode-object.js';
import { decodePatch, patchedObjectFailure, patchType } from '../decode-patch.js';
import type { StoredObject } from '../stored-object.js';
import { namedObject } from '../verbs/read-verbs.js';
import { writeContext } from '../verbs/write-verbs.js';
import { writeOptions } from '../write-options.js';
import { updateObject } from '../writes/update-object.js';
import { type Scale, ScaleKind, scaleOf, scaleTypeProblem, withScale } from './scale.js';

export function getScale(call: Call): ApiResponse {
  return scaleResponse(call, namedObject(call));
}

export function updateScale(call: Call): ApiResponse {
  const { cluster, request, path, resource } = call;
  const options = writeOptions('UpdateOptions', request.url.searchParams);
  const { object } = decodeObject(request, ScaleKind, cluster.registry);
  const scale = object as Typed & Scale;
  const problem = scaleTypeProblem(scale);
  if (problem) throw wrongType(object, ScaleKind, problem);
  requireSameName(call, scale);
  requireSameNamespace(call, scale);
  const { stored } = updateObject(writeContext(call, options), {
    name: path.name,
    uid: scale.metadata?.uid,
    desired: (current) => withScale(resource, current, scale),
  });
  return scaleResponse(call, stored);
}

export function patchScale(call: Call): ApiResponse {
  const { request, path, resource } = call;
  const type = patchType(request, resource.custom !== undefined);
  const options = writeOptions('PatchOptions', request.url.searchParams);
  const apply = decodePatch(request, type, undefined);
  const current = scaleOf(resource, namedObject(call));
  const scale = apply(current) as Scale;
  const problem = scaleTypeProblem(scale);
  if (problem) throw patchedObjectFailure(problem, scale);
  requireSameName(call, scale);
  const { stored } = updateObject(writeContext(call, options), {
    name: path.name,
    desired: (object) => withScale(resource, object, scale),
  });
  return scaleResponse(call, stored);
}

function scaleResponse({ resource }: Call, stored: StoredObject): ApiResponse {
  return jsonResponse(200, scaleOf(resource, stored));
}
