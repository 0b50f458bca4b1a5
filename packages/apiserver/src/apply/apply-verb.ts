import type { KubernetesObject } from '@client-ts/apimachinery';
import { newConflict, newNotFound, newStatusError } from '@client-ts/apimachinery/errors';
import type { ApiResponse } from '../api-request.js';
import { type Call, objectResponse, requireSameName, requireSameNamespace } from '../call.js';
import { collectionOf, keyOf } from '../cluster.js';
import type { Typed } from '../decode-object.js';
import type { WriteOptions } from '../write-options.js';
import { createObject } from '../writes/create-object.js';
import { updateObject } from '../writes/update-object.js';
import type { WriteContext } from '../writes/write-context.js';
import { applyConfiguration } from './apply-configuration.js';
import { type Configuration, decodeConfiguration, describeObject, requireStrict } from './decode-configuration.js';
import { bare, newObject, ownedChange, ownersBeforeApply, shapeOf } from './field-manager.js';
import { appliedByClient, withAppliedNoted } from './last-applied.js';
import { formatManagedFields, parseManagedFields } from './managers.js';

/**
 * Server-side apply: makes the object what the manager wants of it, and creates it where it is missing.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyVerb(call: Call, written: WriteContext, options: WriteOptions): ApiResponse {
  const { cluster, request, path, resource } = call;
  const context: WriteContext = { ...written, ownership: 'given', decodeFailure };
  const stored = collectionOf(cluster, resource).get(keyOf(resource, path.namespace, path.name));
  if (!stored && path.subresource !== '') throw newNotFound(resource, path.name);
  const configuration = decodeConfiguration(request, resource, shapeOf(context, resource));
  if (!stored) {
    const created = createObject(context, newlyApplied(call, context, configuration));
    return objectResponse(call, 201, created, context.warnings);
  }
  const { stored: changed } = updateObject(context, {
    name: path.name,
    desired(live) {
      const object = applied(context, live, configuration, options.force);
      requireSameNamespace(call, object);
      requireSameName(call, object);
      return object;
    },
  });
  return objectResponse(call, 200, changed, context.warnings);
}

/** The live object with what is applied to it, and with its new owners. */
function applied(context: WriteContext, live: KubernetesObject, configuration: Configuration, force: boolean): Typed {
  const { resource, fieldManager } = context;
  const { wanted } = configuration;
  const [shape, object] = [shapeOf(context, resource), bare(live)];
  const change = ownedChange(context, 'Apply', parseManagedFields(live.metadata?.managedFields ?? []) ?? []);
  const owners = ownersBeforeApply(change, newObject(context, object), object);
  const yielded = appliedByClient(fieldManager, shape, object);
  const result = applyConfiguration({ ...change, owners }, shape, object, wanted, { force, yielded });
  requireStrict(context, configuration);
  const merged = withAppliedNoted(fieldManager, result.object as Typed, wanted);
  return { ...merged, metadata: { ...merged.metadata, managedFields: formatManagedFields(result.owners) } };
}

function newlyApplied(call: Call, context: WriteContext, configuration: Configuration): Typed {
  const { resource, path } = call;
  const { wanted } = configuration;
  const change = ownedChange(context, 'Apply', []);
  const zero = newObject(context, wanted);
  const { owners } = applyConfiguration(change, shapeOf(context, resource), zero, wanted, { force: false });
  requireStrict(context, configuration);
  const { uid, resourceVersion: _version, ...metadata } = wanted.metadata ?? {};
  if (uid) {
    throw newConflict(
      resource,
      path.name,
      `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
    );
  }
  requireSameNamespace(call, wanted);
  requireSameName(call, wanted);
  return { ...wanted, metadata: { ...metadata, managedFields: formatManagedFields(owners) } };
}

/** The types of what is applied have been checked; what Go makes of them can still be too narrow. */
function decodeFailure(problem: string, object: KubernetesObject): Error {
  const failed = `failed to convert new object (${describeObject(object as Typed)}) to proper version`;
  return newStatusError(500, '', `${failed}: ${problem}`);
}
