import type { KubernetesObject } from '@client-ts/apimachinery';
import { newNotFound } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from '../api-request.js';
import { jsonResponse } from '../api-response.js';
import { decodeConfiguration, requireStrict } from '../apply/decode-configuration.js';
import { appliedScale, ownersAfterScale, scaleShape } from '../apply/scale-change.js';
import { type Call, requireSameName, requireSameNamespace } from '../call.js';
import { collectionOf, keyOf } from '../cluster.js';
import { fromStorage } from '../conversion/conversion.js';
import { decodeObject, type Typed, wrongType } from '../decode-object.js';
import { ApplyPatchType, decodePatch, patchedObjectFailure, patchType } from '../decode-patch.js';
import type { StoredObject } from '../stored-object.js';
import { namedObject } from '../verbs/read-verbs.js';
import { writeContext } from '../verbs/write-verbs.js';
import { type WriteOptions, writeOptions } from '../write-options.js';
import { updateObject } from '../writes/update-object.js';
import type { WriteContext } from '../writes/write-context.js';
import { requireReplicas, type Scale, ScaleKind, scaleOf, scaleTypeProblem, withScale } from './scale.js';

export function getScale(call: Call): ApiResponse {
  const stored = namedObject(call);
  requireReplicas(call.resource, fromStorage(call.resource, stored.object));
  return scaleResponse(call, stored);
}

export function updateScale(call: Call): ApiResponse {
  const { cluster, request, path } = call;
  const options = writeOptions('UpdateOptions', request.url.searchParams);
  const { object } = decodeObject(request, ScaleKind, cluster.registry);
  const scale = object as Typed & Scale;
  const problem = scaleTypeProblem(scale);
  if (problem) throw wrongType(object, ScaleKind, problem);
  requireSameName(call, scale);
  requireSameNamespace(call, scale);
  const context = scaleContext(call, options);
  const { stored } = updateObject(context, {
    name: path.name,
    uid: scale.metadata?.uid,
    desired: (current) => scaled(context, current, scale),
  });
  return scaleResponse(call, stored);
}

export function patchScale(call: Call): ApiResponse {
  const { request, resource } = call;
  const type = patchType(request, resource.custom !== undefined);
  const options = writeOptions('PatchOptions', request.url.searchParams, type === ApplyPatchType);
  return type === ApplyPatchType ? applyScale(call, options) : patchScaleBy(call, type, options);
}

function patchScaleBy(call: Call, type: string, options: WriteOptions): ApiResponse {
  const { request, path, resource } = call;
  const apply = decodePatch(request, type, undefined);
  const context = scaleContext(call, options);
  const scale = apply(scaleOf(resource, fromStorage(resource, namedObject(call).object))) as Scale;
  const problem = scaleTypeProblem(scale);
  if (problem) throw patchedObjectFailure(problem, scale);
  requireSameName(call, scale);
  const { stored } = updateObject(context, {
    name: path.name,
    desired: (current) => scaled(context, current, scale),
  });
  return scaleResponse(call, stored);
}

function applyScale(call: Call, options: WriteOptions): ApiResponse {
  const { cluster, request, path, resource } = call;
  if (!collectionOf(cluster, resource).get(keyOf(resource, path.namespace, path.name))) {
    throw newNotFound(resource, path.name);
  }
  const context = scaleContext(call, options);
  const configuration = decodeConfiguration(request, ScaleKind, scaleShape(cluster.schema));
  const { stored } = updateObject(context, {
    name: path.name,
    desired(current) {
      const { scale, managedFields } = appliedScale(context, current, configuration.wanted, options.force);
      requireStrict(context, configuration);
      requireSameNamespace(call, scale);
      requireSameName(call, scale);
      const object = withScale(resource, current, scale);
      return { ...object, metadata: { ...object.metadata, managedFields } };
    },
  });
  return scaleResponse(call, stored);
}

function scaleContext(call: Call, options: WriteOptions): WriteContext {
  return { ...writeContext(call, options), ownership: 'given' };
}

function scaled(context: WriteContext, current: KubernetesObject, scale: Scale): KubernetesObject {
  const object = withScale(context.resource, current, scale);
  const managedFields = ownersAfterScale(context, current, scale);
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function scaleResponse({ resource }: Call, stored: StoredObject): ApiResponse {
  return jsonResponse(200, scaleOf(resource, fromStorage(resource, stored.object)));
}
