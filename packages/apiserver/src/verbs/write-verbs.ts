import { formatGroupVersion } from '@client-ts/apimachinery';
import { newBadRequest, newInvalid } from '@client-ts/apimachinery/errors';
import { type ApiResponse, headerOf } from '../api-request.js';
import { applyVerb } from '../apply/apply-verb.js';
import { managerFromUserAgent } from '../apply/user-agent-manager.js';
import { type Call, objectResponse, requireSameName, requireSameNamespace } from '../call.js';
import { decodeObject, kindProblem, type Typed } from '../decode-object.js';
import { ApplyPatchType, decodePatch, patchedObjectFailure, patchType } from '../decode-patch.js';
import { patchSchemaOf } from '../patch-schema.js';
import { invalid } from '../rules/causes.js';
import { type WriteOptions, writeOptions } from '../write-options.js';
import { createObject } from '../writes/create-object.js';
import { updateObject } from '../writes/update-object.js';
import type { WriteContext } from '../writes/write-context.js';

export function create(call: Call): ApiResponse {
  const { request, resource, cluster } = call;
  const options = writeOptions('CreateOptions', request.url.searchParams);
  const { object, text } = decodeObject(request, resource, cluster.registry);
  requireSameNamespace(call, object);
  const context = writeContext(call, options);
  return objectResponse(call, 201, createObject(context, object, text), context.warnings);
}

export function update(call: Call): ApiResponse {
  const { request, path, resource, cluster } = call;
  const options = writeOptions('UpdateOptions', request.url.searchParams);
  const { object, text } = decodeObject(request, resource, cluster.registry);
  requireSameName(call, object);
  requireSameNamespace(call, object);
  const context = writeContext(call, options);
  const sent =
    path.namespace === '' ? object : { ...object, metadata: { ...object.metadata, namespace: path.namespace } };
  const whole = { object: sent, text };
  const { stored, created } = updateObject(context, {
    name: path.name,
    uid: sent.metadata?.uid,
    desired: () => sent,
    whole,
  });
  return objectResponse(call, created ? 201 : 200, stored, context.warnings);
}

export function patch(call: Call): ApiResponse {
  const { request, path, resource, cluster } = call;
  const type = patchType(request, resource.custom !== undefined);
  const options = writeOptions('PatchOptions', request.url.searchParams, type === ApplyPatchType);
  if (type === ApplyPatchType) {
    return applyVerb(call, writeContext(call, options), options);
  }
  const schema = resource.type === undefined ? undefined : patchSchemaOf(cluster.schema, resource.type);
  const apply = decodePatch(request, type, schema);
  const context: WriteContext = { ...writeContext(call, options), decodeFailure: patchedObjectFailure };
  const { stored } = updateObject(context, {
    name: path.name,
    desired(current) {
      const patched = apply(current);
      requireSameKind(call, patched as Typed);
      requireSameName(call, patched);
      requireSameNamespace(call, patched);
      return patched;
    },
  });
  return objectResponse(call, 200, stored, context.warnings);
}

/** A patch cannot turn an object into one of another kind. */
function requireSameKind({ resource, cluster }: Call, { kind, apiVersion, ...patched }: Typed): void {
  if (!resource.custom) {
    const problem = kindProblem({ kind, apiVersion }, resource, cluster.registry);
    if (problem !== undefined) throw patchedObjectFailure(problem, { kind, apiVersion, ...patched });
    return;
  }
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const wanted = formatGroupVersion(resource);
  const causes = [
    ...(apiVersion === wanted ? [] : [invalid('apiVersion', apiVersion, `must be ${wanted}`)]),
    ...(kind === resource.kind ? [] : [invalid('kind', kind, `must be ${resource.kind}`)]),
  ];
  if (causes.length > 0) throw newInvalid({ group, kind }, patched.metadata?.name ?? '', causes);
}

/** How a write is to be done. */
export function writeContext({ cluster, request, path, resource }: Call, options: WriteOptions): WriteContext {
  const { dryRun, fieldValidation } = options;
  return {
    cluster,
    resource,
    namespace: path.namespace,
    subresource: path.subresource,
    dryRun,
    fieldValidation,
    fieldManager: options.fieldManager || managerFromUserAgent(headerOf(request, 'user-agent')),
    ownership: 'tracked',
    decodeFailure: (problem) =>
      newBadRequest(
        `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}: ${problem}`,
      ),
    warnings: [],
  };
}
