import type { KubernetesObject, ObjectMeta } from '@client-ts/apimachinery';
import { newConflict, newNotFound } from '@client-ts/apimachinery/errors';
import { collectionOf, keyOf } from '../cluster.js';
import { StoredObject } from '../stored-object.js';
import { type Strategy, strategyOf } from '../strategy.js';
import type { DeleteOptionsBody } from './delete-options.js';
import { withSystemMetadata } from './object-metadata.js';
import { formatTime } from './time-text.js';
import type { WriteContext } from './write-context.js';

export interface Deleted {
  readonly stored: StoredObject;
  /** Whether it is gone, or only marked. */
  readonly gone: boolean;
}

const OrphanFinalizer = 'orphan';
const ForegroundFinalizer = 'foregroundDeletion';

/**
 * Deletes an object: at once, or by marking it when it has finalizers, a grace period, or dependents to look after.
 *
 * @throws StatusError as a real server answers.
 */
export function deleteObject(context: WriteContext, name: string, options: DeleteOptionsBody): Deleted {
  const { cluster, resource, namespace, dryRun } = context;
  const collection = collectionOf(cluster, resource);
  const key = keyOf(resource, namespace, name);
  const current = collection.get(key)?.value;
  if (!current) throw newNotFound(resource, name);
  requirePreconditions(context, current.object.metadata ?? {}, options);

  const marked = mark(context, current.object, options);
  const gone = isGone(marked);
  if (dryRun) return { stored: new StoredObject(marked), gone };
  if (gone) return { stored: collection.delete(key, (revision, last) => last.at(revision))?.value ?? current, gone };
  if (marked === current.object) return { stored: current, gone };
  return { stored: collection.put(key, (revision) => new StoredObject(marked).at(revision)).value, gone };
}

function isGone({ metadata }: KubernetesObject): boolean {
  return !metadata?.finalizers?.length && !metadata?.deletionGracePeriodSeconds;
}

/** The object as it is while it waits to be removed; the same object when nothing about it changes. */
function mark(context: WriteContext, object: KubernetesObject, options: DeleteOptionsBody): KubernetesObject {
  const { cluster, resource } = context;
  const metadata = object.metadata ?? {};
  const strategy = strategyOf(resource);
  const finalizers = nextFinalizers(strategy, metadata, options);
  const grace = gracePeriod(resource.group === '' && resource.resource === 'pods', object, options);
  const deleting = metadata.deletionTimestamp !== undefined;
  const shorter = deleting && grace < (metadata.deletionGracePeriodSeconds ?? 0);
  if (deleting && !shorter) {
    if (finalizers === metadata.finalizers) return object;
    return { ...object, metadata: withSystemMetadata({ ...metadata, finalizers }) };
  }
  return {
    ...object,
    metadata: withSystemMetadata({
      ...metadata,
      finalizers,
      deletionTimestamp: formatTime(cluster.clock.now() + grace * 1000),
      deletionGracePeriodSeconds: grace,
      generation: !deleting && metadata.generation ? metadata.generation + 1 : metadata.generation,
    }),
  };
}

/** Records what shall happen to dependents: a garbage collector reads it from the finalizers. */
function nextFinalizers(strategy: Strategy, metadata: ObjectMeta, options: DeleteOptionsBody): string[] | undefined {
  const had = metadata.finalizers ?? [];
  const policy = options.propagationPolicy ?? policyOf(options.orphanDependents);
  const orphan =
    policy === 'Orphan' || (policy === undefined && (strategy.orphansByDefault || had.includes(OrphanFinalizer)));
  const foreground = policy === 'Foreground' || (policy === undefined && !orphan && had.includes(ForegroundFinalizer));
  const kept = had.filter((finalizer) => finalizer !== OrphanFinalizer && finalizer !== ForegroundFinalizer);
  if (orphan) kept.push(OrphanFinalizer);
  if (foreground) kept.push(ForegroundFinalizer);
  return kept.length === had.length && kept.every((finalizer) => had.includes(finalizer)) ? metadata.finalizers : kept;
}

function policyOf(orphanDependents: boolean | undefined): 'Orphan' | 'Background' | undefined {
  if (orphanDependents === undefined) return undefined;
  return orphanDependents ? 'Orphan' : 'Background';
}

interface PodParts extends KubernetesObject {
  spec?: { nodeName?: string; terminationGracePeriodSeconds?: number };
  status?: { phase?: string };
}

/** Seconds until the object may be removed. Only pods that run somewhere get time. */
function gracePeriod(isPod: boolean, object: KubernetesObject, options: DeleteOptionsBody): number {
  if (!isPod) return 0;
  const { spec, status } = object as PodParts;
  const wanted = options.gracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30;
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return wanted < 0 ? 1 : wanted;
}

function requirePreconditions(context: WriteContext, metadata: ObjectMeta, { preconditions }: DeleteOptionsBody): void {
  const { uid, resourceVersion } = preconditions ?? {};
  // A real server names the kind here, where it otherwise names the resource.
  const about = { group: context.resource.group, resource: context.resource.kind };
  const name = metadata.name ?? '';
  if (uid !== undefined && uid !== metadata.uid) {
    throw newConflict(
      about,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    throw newConflict(
      about,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}
