import { formatGroupResource, type KubernetesObject, type ObjectMeta } from '@client-ts/apimachinery';
import { newConflict, newInvalid, newNotFound, newStatusError, type StatusCause } from '@client-ts/apimachinery/errors';
import { managedFieldsAfterWrite } from '../apply/field-manager.js';
import { collectionOf, keyOf } from '../cluster.js';
import { fromStorage, toStorage } from '../conversion/conversion.js';
import { jsonEqual } from '../json-equal.js';
import { resourceVersionProblem } from '../query.js';
import { registryKey } from '../registry-key.js';
import type { ServedResource } from '../resource-registry.js';
import { rulesOf } from '../rules/resource-rules.js';
import { StoredObject } from '../stored-object.js';
import { strategyOf } from '../strategy.js';
import { checked } from './checked.js';
import { createObject } from './create-object.js';
import { withDistinctOwners } from './distinct-owners.js';
import { isReadyToGo } from './deletion.js';
import { metadataUpdateProblems } from './metadata-rules.js';
import { cleanMetadata } from './object-metadata.js';
import type { WriteContext } from './write-context.js';
import { writtenPart } from './written-part.js';

/** Writes that leave `generation` as it is, whatever they change. */
const Uncounted: ReadonlySet<string> = new Set(['status', 'binding']);

export interface Update {
  readonly name: string;
  /** What the object shall be, given what is stored. Must not change its argument; the result is given away. */
  readonly desired: (current: KubernetesObject) => KubernetesObject;
  /** The uid that the object must have; absent or empty for any. */
  readonly uid?: string | undefined;
  /** The whole object was sent, not a patch: it is created where it is missing and the resource allows that. */
  readonly whole?: { readonly object: KubernetesObject; readonly text: string } | undefined;
}

export interface Updated {
  readonly stored: StoredObject;
  readonly created: boolean;
}

/**
 * Changes an object, in one transaction with reading it.
 *
 * @throws StatusError as a real server answers.
 */
export function updateObject(context: WriteContext, { name, desired, uid, whole }: Update): Updated {
  const { cluster, resource, namespace, subresource, dryRun } = context;
  const collection = collectionOf(cluster, resource);
  const key = keyOf(resource, namespace, name);
  const current = collection.get(key)?.value;
  if (!current) {
    if (!whole || subresource !== '' || !strategyOf(resource).createOnUpdate) throw newNotFound(resource, name);
    return { stored: createObject(context, whole.object, whole.text), created: true };
  }
  requireUid(context, uid, current.object.metadata ?? {});
  const view = fromStorage(resource, current.object);
  const sent = desired(view);
  const object = toStorage(resource, prepared(context, sent, view, whole?.text), current.object);
  if (jsonEqual(object, current.object)) return { stored: current, created: false };
  const stored = new StoredObject(object);
  if (dryRun) return { stored, created: false };
  if (isReadyToGo(resource, object)) {
    collection.delete(key, (revision, last) => last.at(revision));
    return { stored, created: false };
  }
  return { stored: collection.put(key, (revision) => stored.at(revision)).value, created: false };
}

function prepared(
  context: WriteContext,
  sent: KubernetesObject,
  current: KubernetesObject,
  text: string | undefined,
): KubernetesObject {
  const { resource, subresource } = context;
  const old = current.metadata ?? {};
  const part = writtenPart(resource, subresource, sent, current);
  const { object, causes } = checked(context, { operation: 'update', object: part, old: current, text });
  requireCurrent(context, sent.metadata ?? {}, old);
  const distinct = withDistinctOwners(nextMetadata(object.metadata ?? {}, old), context.warnings);
  const managedFields = ownersAfter(context, sent, current, { ...object, metadata: distinct });
  const { metadata = {}, ...fields } = changedByRules(context, { ...object, metadata: distinct }, current);
  const found = [
    ...metadataUpdateProblems(metadata, old),
    ...ownProblems(context, { ...fields, metadata }, current),
    ...causes,
  ];
  const problems = found.length === 0 ? [] : newProblems(context, found, current);
  if (problems.length > 0) throw newInvalid(resource, old.name ?? '', problems);
  return withGeneration(context, { ...fields, metadata: cleanMetadata({ ...metadata, managedFields }) }, current);
}

/** What the server itself makes of a changed object; nobody owns that. */
function changedByRules(
  { resource, subresource }: WriteContext,
  object: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  return rulesOf(resource).changed?.(object, current, subresource) ?? object;
}

function ownersAfter(
  context: WriteContext,
  { metadata: sent = {} }: KubernetesObject,
  current: KubernetesObject,
  next: KubernetesObject,
): ObjectMeta['managedFields'] {
  switch (context.ownership) {
    case 'tracked':
      return managedFieldsAfterWrite(context, sent.managedFields, current, next);
    case 'given':
      return sent.managedFields;
    case 'kept':
      return current.metadata?.managedFields;
  }
}

function withGeneration(
  { resource, subresource }: WriteContext,
  next: KubernetesObject,
  current: KubernetesObject,
): KubernetesObject {
  const counted = strategyOf(resource).generation && !Uncounted.has(subresource);
  if (!counted || !changesDesiredState(resource, next, current)) return next;
  const generation = (current.metadata?.generation ?? 0) + 1;
  return { ...next, metadata: cleanMetadata({ ...next.metadata, generation }) };
}

function ownProblems(
  { resource, subresource }: WriteContext,
  object: KubernetesObject,
  current: KubernetesObject,
): readonly StatusCause[] {
  return rulesOf(resource).problems?.(object, current, subresource) ?? [];
}

/** What was wrong before, because it was stored without being checked, does not stop a change of something else. */
function newProblems(
  context: WriteContext,
  found: readonly StatusCause[],
  current: KubernetesObject,
): readonly StatusCause[] {
  const unchanged = JSON.parse(JSON.stringify(current)) as KubernetesObject;
  const { object, causes } = checked(context, { operation: 'update', object: unchanged, old: current });
  const before = [...ownProblems(context, object, current), ...causes];
  return found.filter((cause) => !before.some((other) => jsonEqual(cause, other)));
}

/** Optimistic concurrency. */
function requireCurrent({ resource }: WriteContext, sent: ObjectMeta, current: ObjectMeta): void {
  const name = current.name ?? '';
  const version = sent.resourceVersion || '0';
  const problem = resourceVersionProblem(version);
  if (problem) throw newStatusError(500, '', problem);
  if (Number(version) !== 0) {
    if (version !== current.resourceVersion) throw newConflict(resource, name);
  } else if (!strategyOf(resource).unconditionalUpdate) {
    // Here a real server puts the resource where it otherwise names the kind.
    const kind = { group: resource.group, kind: resource.resource };
    const message = 'Invalid value: 0: must be specified for an update';
    throw newInvalid(kind, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.resourceVersion' }]);
  }
}

/** An object that was deleted and created again is another one. */
function requireUid({ resource, namespace }: WriteContext, uid: string | undefined, current: ObjectMeta): void {
  if (!uid || uid === current.uid) return;
  const name = current.name ?? '';
  const key = registryKey(resource, namespace, name);
  const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.uid}`;
  throw newConflict(
    resource,
    name,
    `StorageError: invalid object, Code: 4, Key: ${key}, ResourceVersion: 0, AdditionalErrorMsg: ${problem}`,
  );
}

/** What clients cannot change stays as it is, whatever they send. */
function nextMetadata(sent: ObjectMeta, current: ObjectMeta): ObjectMeta {
  return cleanMetadata({
    ...sent,
    uid: sent.uid || current.uid,
    resourceVersion: current.resourceVersion,
    generation: current.generation,
    creationTimestamp: current.creationTimestamp,
    deletionTimestamp: current.deletionTimestamp ?? sent.deletionTimestamp,
    deletionGracePeriodSeconds: sent.deletionGracePeriodSeconds ?? current.deletionGracePeriodSeconds,
  });
}

interface Parts extends KubernetesObject {
  readonly status?: unknown;
}

function changesDesiredState(resource: ServedResource, next: Parts, current: Parts): boolean {
  // Rollouts are controlled through annotations, too.
  const annotated = formatGroupResource(resource) === 'deployments.apps';
  const desired = ({ apiVersion: _version, metadata, status: _status, ...rest }: Parts): unknown =>
    annotated ? { ...rest, annotations: metadata?.annotations ?? {} } : rest;
  return !jsonEqual(desired(next), desired(current));
}
