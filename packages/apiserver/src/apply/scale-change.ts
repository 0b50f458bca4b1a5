import type { ApiSchema } from '@client-ts/api/schema';
import { formatGroupVersion, type KubernetesObject, type ManagedFieldsEntry } from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import { replicasPath, type Scale, scaleOf } from '../subresources/scale.js';
import { timeNow } from '../writes/time-text.js';
import type { WriteContext } from '../writes/write-context.js';
import { withAncientTogether } from './ancient-changes.js';
import { applyConfiguration } from './apply-configuration.js';
import { builtInShape } from './built-in-shape.js';
import { ownersBeforeApply } from './field-manager.js';
import { FieldSet } from './field-set.js';
import type { Manager } from './managers.js';
import { type OwnedChange, ownersAfterUpdate } from './ownership.js';
import { fieldElement, type PathElement } from './path-element.js';
import { managedFieldsAfterScale, ownersOfScale } from './scale-owners.js';
import type { Shape } from './shape.js';

const ScaleVersion = 'autoscaling/v1';
const ScaleType = 'io.k8s.api.autoscaling.v1.Scale';

export function scaleShape(schema: ApiSchema): Shape {
  return builtInShape(schema, ScaleType);
}

/** The managedFields of an object whose number of replicas a client has written through a scale. */
export function ownersAfterScale(context: WriteContext, current: KubernetesObject, scale: Scale): ManagedFieldsEntry[] {
  const { resource } = context;
  const change = scaleChange(context, 'Update', current);
  const before = scaleOf(resource, current);
  const after = { ...before, spec: scale.spec ?? {} };
  // A real server cannot tell who scales custom resources.
  const isTracked = change.owners.length > 0 && !resource.custom;
  const owners = isTracked ? withAncientTogether(ownersAfterUpdate(change, before, after)) : change.owners;
  return managedFieldsAfterScale(entriesOf(current), owners, formatGroupVersion(resource), pathIn(context));
}

/**
 * Applies a scale to an object.
 *
 * @throws StatusError 409 when somebody else owns the number of replicas, 500 for custom resources.
 */
export function appliedScale(
  context: WriteContext,
  current: KubernetesObject,
  wanted: Scale,
  force: boolean,
): { readonly scale: Scale; readonly managedFields: ManagedFieldsEntry[] } {
  if (context.resource.custom) throw notConvertible();
  const live = scaleOf(context.resource, current);
  const change = scaleChange(context, 'Apply', current);
  const owners = ownersBeforeApply(change, { metadata: {}, spec: {}, status: {} }, live);
  const shape = scaleShape(context.cluster.schema);
  const applied = applyConfiguration({ ...change, owners }, shape, live, wanted, { force });
  const apiVersion = formatGroupVersion(context.resource);
  return {
    scale: applied.object as Scale,
    managedFields: managedFieldsAfterScale(entriesOf(current), applied.owners, apiVersion, pathIn(context)),
  };
}

/** A real server can apply scales to built-in resources only. */
function notConvertible(): Error {
  return newStatusError(
    500,
    '',
    `failed to convert live object (/; ${ScaleVersion}, Kind=Scale) to proper version: request to convert CR to an invalid group/version: ${ScaleVersion}`,
  );
}

function scaleChange(context: WriteContext, operation: Manager['operation'], current: KubernetesObject): OwnedChange {
  const { cluster, fieldManager } = context;
  const shape = scaleShape(cluster.schema);
  return {
    manager: { name: fieldManager || 'unknown', operation, apiVersion: ScaleVersion, subresource: 'scale' },
    now: timeNow(cluster.clock),
    owners: ownersOfScale(entriesOf(current), pathIn(context)),
    reset: FieldSet.empty,
    view: (object, apiVersion) => (apiVersion === ScaleVersion ? { shape, object } : undefined),
  };
}

function entriesOf({ metadata }: KubernetesObject): readonly ManagedFieldsEntry[] {
  return metadata?.managedFields ?? [];
}

function pathIn({ resource }: WriteContext): readonly PathElement[] {
  return replicasPath(resource).map(fieldElement);
}
