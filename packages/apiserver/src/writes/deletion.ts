import { formatGroupResource, type KubernetesObject, setStatusCondition } from '@client-ts/apimachinery';
import { CleanupFinalizer, type Definition } from '../custom-resources/definition.js';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';
import type { DeleteOptionsBody } from './delete-options.js';
import { cleanMetadata } from './object-metadata.js';
import { formatTime } from './time-text.js';

/** The step that a delete takes with an object. */
export interface DeletionStep {
  /** The object with what the delete records on it; the same object when there is nothing to record. */
  readonly object: KubernetesObject;
  /** Whether the object is removed then. */
  readonly remove: boolean;
}

const OrphanFinalizer = 'orphan';
const ForegroundFinalizer = 'foregroundDeletion';

interface Parts extends KubernetesObject {
  readonly spec?: {
    readonly finalizers?: readonly string[];
    readonly nodeName?: string;
    readonly terminationGracePeriodSeconds?: number;
  };
  readonly status?: { readonly phase?: string };
}

/** Whether nothing holds an object up that is being deleted. */
export function isReadyToGo(resource: ServedResource, object: KubernetesObject): boolean {
  const { metadata, spec } = object as Parts;
  if (metadata?.deletionTimestamp === undefined || metadata.finalizers?.length) return false;
  if (formatGroupResource(resource) === 'namespaces') return !spec?.finalizers?.length;
  return !metadata.deletionGracePeriodSeconds;
}

/** What a delete does to an object now. Removal may have to wait for finalizers, or for the grace period. */
export function deletionStep(
  resource: ServedResource,
  object: KubernetesObject,
  options: DeleteOptionsBody,
  nowMs: number,
): DeletionStep {
  switch (formatGroupResource(resource)) {
    case 'namespaces':
      return namespaceStep(resource, object, options, nowMs);
    case 'customresourcedefinitions.apiextensions.k8s.io':
      return definitionStep(resource, object, options, nowMs);
    case 'pods':
      return podStep(resource, object, options, nowMs);
    default: {
      const finalized = withFinalizers(resource, object, options);
      if (!finalized.metadata?.finalizers?.length) return { object: finalized, remove: true };
      return { object: marked(finalized, nowMs, 0), remove: false };
    }
  }
}

/** Pods get time to end. Only the kubelet, or a delete with a shorter time, ends it before. */
function podStep(
  resource: ServedResource,
  object: KubernetesObject,
  options: DeleteOptionsBody,
  nowMs: number,
): DeletionStep {
  const { metadata = {} } = object;
  const requested = options.gracePeriodSeconds;
  const wanted = requested === undefined || requested >= 0 ? requested : 1;
  const left = metadata.deletionGracePeriodSeconds;
  if (metadata.deletionTimestamp !== undefined && left !== undefined) {
    if (wanted === undefined || wanted >= left) return { object, remove: false };
    const startMs = Date.parse(metadata.deletionTimestamp) - left * 1000;
    return removedIn(withFinalizers(resource, marked(object, startMs, wanted), options), wanted);
  }
  const grace = podGrace(object, wanted);
  return removedIn(withFinalizers(resource, marked(object, nowMs, grace), options), grace);
}

function removedIn(object: KubernetesObject, grace: number): DeletionStep {
  return { object, remove: grace === 0 && !object.metadata?.finalizers?.length };
}

/** Pods that run nowhere need no time. */
function podGrace({ spec, status }: Parts, wanted: number | undefined): number {
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return wanted ?? spec.terminationGracePeriodSeconds ?? 30;
}

/** A namespace is emptied by a controller before its own finalizer goes. */
function namespaceStep(
  resource: ServedResource,
  object: KubernetesObject,
  options: DeleteOptionsBody,
  nowMs: number,
): DeletionStep {
  if (object.metadata?.deletionTimestamp !== undefined) {
    return { object, remove: isReadyToGo(resource, object) };
  }
  const { metadata = {}, status, ...rest } = withFinalizers(resource, object, options) as Parts;
  const terminating: Parts = {
    ...rest,
    metadata: cleanMetadata({ ...metadata, deletionTimestamp: formatTime(nowMs) }),
    status: { ...status, phase: 'Terminating' },
  };
  return { object: terminating, remove: isReadyToGo(resource, terminating) };
}

/** A definition waits until its objects have gone. */
function definitionStep(
  resource: ServedResource,
  object: KubernetesObject,
  options: DeleteOptionsBody,
  nowMs: number,
): DeletionStep {
  if (object.metadata?.deletionTimestamp !== undefined) return { object: marked(object, nowMs, 0), remove: false };
  const { metadata = {}, status, ...rest } = withFinalizers(resource, object, options) as Definition;
  const now = formatTime(nowMs);
  const finalizers = [
    ...(metadata.finalizers ?? []).filter((finalizer) => finalizer !== CleanupFinalizer),
    CleanupFinalizer,
  ];
  const terminating: Definition = {
    ...rest,
    metadata: cleanMetadata({ ...metadata, deletionTimestamp: now, finalizers }),
    status: { ...status, conditions: setStatusCondition(status?.conditions, DeletionPending, new Date(nowMs)) },
  };
  return { object: terminating, remove: false };
}

const DeletionPending = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionPending',
  message: 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon',
};

/** The object marked for removal `grace` seconds after `startMs`. Being deleted counts as a change, once. */
function marked(object: KubernetesObject, startMs: number, grace: number): KubernetesObject {
  const { metadata = {} } = object;
  const first = metadata.deletionTimestamp === undefined;
  if (!first && metadata.deletionGracePeriodSeconds === grace) return object;
  return {
    ...object,
    metadata: cleanMetadata({
      ...metadata,
      deletionTimestamp: formatTime(startMs + grace * 1000),
      deletionGracePeriodSeconds: grace,
      generation: first && metadata.generation ? metadata.generation + 1 : metadata.generation,
    }),
  };
}

/** Records what shall happen to dependents: a garbage collector reads it from the finalizers. */
function withFinalizers(
  resource: ServedResource,
  object: KubernetesObject,
  options: DeleteOptionsBody,
): KubernetesObject {
  const had = object.metadata?.finalizers ?? [];
  const policy = policyOf(resource, had, options);
  const kept = had.filter((finalizer) => finalizer !== OrphanFinalizer && finalizer !== ForegroundFinalizer);
  if (policy === 'Orphan') kept.push(OrphanFinalizer);
  if (policy === 'Foreground') kept.push(ForegroundFinalizer);
  if (kept.length === had.length && kept.every((finalizer) => had.includes(finalizer))) return object;
  return { ...object, metadata: cleanMetadata({ ...object.metadata, finalizers: kept }) };
}

/** What the delete says counts first, then what the object says, then what the resource says. */
function policyOf(
  resource: ServedResource,
  finalizers: readonly string[],
  { orphanDependents, propagationPolicy }: DeleteOptionsBody,
): 'Orphan' | 'Foreground' | 'Background' {
  if (orphanDependents !== undefined) return orphanDependents ? 'Orphan' : 'Background';
  if (propagationPolicy !== undefined) return propagationPolicy;
  if (finalizers.includes(OrphanFinalizer)) return 'Orphan';
  if (finalizers.includes(ForegroundFinalizer)) return 'Foreground';
  return strategyOf(resource).orphansByDefault ? 'Orphan' : 'Background';
}
