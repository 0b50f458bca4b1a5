import type { KubernetesObject, ObjectMeta } from '@client-ts/apimachinery';
import { newConflict, newInvalid, newNotFound, newStatusError } from '@client-ts/apimachinery/errors';
import { collectionOf, keyOf } from '../cluster.js';
import { jsonEqual } from '../json-equal.js';
import { resourceVersionProblem } from '../query.js';
import { StoredObject } from '../stored-object.js';
import { strategyOf } from '../strategy.js';
import { checked } from './checked.js';
import { createObject } from './create-object.js';
import { metadataUpdateProblems } from './metadata-rules.js';
import { withSystemMetadata } from './object-metadata.js';
import type { WriteContext } from './write-context.js';

export interface Update {
  readonly name: string;
  /** What the object shall be, given what is stored. Must not change its argument; the result is given away. */
  readonly desired: (current: KubernetesObject) => KubernetesObject;
  /** What to create when there is no object and the resource allows it; absent for patches. */
  readonly create?: KubernetesObject | undefined;
}

export interface Updated {
  readonly stored: StoredObject;
  readonly created: boolean;
}

/**
 * Replaces an object, in one transaction with reading it.
 *
 * @throws StatusError as a real server answers.
 */
export function updateObject(context: WriteContext, { name, desired, create }: Update): Updated {
  const { cluster, resource, namespace, dryRun } = context;
  const strategy = strategyOf(resource);
  const collection = collectionOf(cluster, resource);
  const key = keyOf(resource, namespace, name);
  const current = collection.get(key)?.value;
  if (!current) {
    if (!create || !strategy.createOnUpdate) throw newNotFound(resource, name);
    return { stored: createObject(context, create), created: true };
  }
  const object = prepared(context, desired(current.object), current.object);
  if (jsonEqual(object, current.object)) return { stored: current, created: false };
  const stored = new StoredObject(object);
  if (dryRun) return { stored, created: false };
  if (isReadyToGo(object)) {
    collection.delete(key, (revision, last) => last.at(revision));
    return { stored, created: false };
  }
  return { stored: collection.put(key, (revision) => stored.at(revision)).value, created: false };
}

/** Whether the last finalizer of an object that is being deleted has gone. */
function isReadyToGo({ metadata }: KubernetesObject): boolean {
  return (
    metadata?.deletionTimestamp !== undefined && !metadata.finalizers?.length && !metadata.deletionGracePeriodSeconds
  );
}

function prepared(context: WriteContext, sent: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const { resource, subresource } = context;
  const strategy = strategyOf(resource);
  const name = current.metadata?.name ?? '';
  requireCurrent(context, sent.metadata ?? {}, current.metadata ?? {});
  const next = splitStatus(context, sent, current);
  const metadata = nextMetadata(next.metadata ?? {}, current.metadata ?? {});
  const result = checked(context, { operation: 'update', object: { ...next, metadata }, old: current });
  const causes = [...metadataUpdateProblems(metadata, current.metadata ?? {}), ...result.causes];
  if (causes.length > 0) throw newInvalid(resource, name, causes);
  const counts =
    strategy.generation && subresource !== 'status' && !jsonEqual(desiredState(result.object), desiredState(current));
  if (!counts) return result.object;
  return {
    ...result.object,
    metadata: withSystemMetadata({ ...metadata, generation: (metadata.generation ?? 0) + 1 }),
  };
}

/** Optimistic concurrency. */
function requireCurrent({ resource }: WriteContext, sent: ObjectMeta, current: ObjectMeta): void {
  const name = current.name ?? '';
  const version = sent.resourceVersion ?? '';
  if (version !== '' && resourceVersionProblem(version)) {
    throw newStatusError(500, '', resourceVersionProblem(version) ?? '');
  }
  if (version === '' || version === '0') {
    if (!strategyOf(resource).unconditionalUpdate) {
      const message = 'Invalid value: 0: must be specified for an update';
      throw newInvalid(resource, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }]);
    }
  } else if (version !== current.resourceVersion) {
    throw newConflict(resource, name);
  }
  if (sent.uid && sent.uid !== current.uid) {
    throw newConflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${sent.uid}, UID in object meta: ${current.uid}`,
    );
  }
}

/** A write to the object leaves the status alone, and one to the status everything else. */
function splitStatus(context: WriteContext, sent: KubernetesObject, current: KubernetesObject): KubernetesObject {
  const { resource, subresource } = context;
  const status = 'status' in current ? { status: current.status } : {};
  if (subresource === 'status') {
    const sentStatus = 'status' in sent ? { status: sent.status } : {};
    const { status: _status, ...rest } = current as KubernetesObject & { status?: unknown };
    return { ...rest, metadata: (resource.custom ? current : sent).metadata ?? {}, ...sentStatus };
  }
  if (!strategyOf(resource).status) return sent;
  const { status: _status, ...rest } = sent as KubernetesObject & { status?: unknown };
  return { ...rest, ...status };
}

/** What clients cannot change stays as it is, whatever they send. */
function nextMetadata(sent: ObjectMeta, current: ObjectMeta): ObjectMeta {
  return withSystemMetadata({
    ...sent,
    uid: sent.uid || current.uid,
    resourceVersion: current.resourceVersion,
    generation: current.generation,
    creationTimestamp: current.creationTimestamp,
    deletionTimestamp: current.deletionTimestamp ?? sent.deletionTimestamp,
    deletionGracePeriodSeconds: sent.deletionGracePeriodSeconds ?? current.deletionGracePeriodSeconds,
  });
}

function desiredState(object: KubernetesObject): unknown {
  const {
    metadata: _metadata,
    status: _status,
    apiVersion: _version,
    ...rest
  } = object as KubernetesObject & { status?: unknown };
  return rest;
}
