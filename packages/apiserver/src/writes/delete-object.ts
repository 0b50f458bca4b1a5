import { formatGroupResource, type GroupResource, type ObjectMeta } from '@client-ts/apimachinery';
import { newConflict, newForbidden, newNotFound } from '@client-ts/apimachinery/errors';
import { collectionOf, keyOf } from '../cluster.js';
import { StoredObject } from '../stored-object.js';
import type { DeleteOptionsBody } from './delete-options.js';
import { deletionStep } from './deletion.js';
import type { WriteContext } from './write-context.js';

export interface Deleted {
  readonly stored: StoredObject;
  /** Whether it is gone, or only marked. */
  readonly gone: boolean;
}

/** Namespaces that the cluster cannot do without. */
const ImmortalNamespaces: ReadonlySet<string> = new Set(['default', 'kube-public', 'kube-system']);

/**
 * Deletes an object: at once, or by marking it when it has finalizers, a grace period, or dependents to look after.
 *
 * @throws StatusError as a real server answers.
 */
export function deleteObject(
  { cluster, resource, namespace, dryRun }: Pick<WriteContext, 'cluster' | 'resource' | 'namespace' | 'dryRun'>,
  name: string,
  options: DeleteOptionsBody,
): Deleted {
  const isNamespace = formatGroupResource(resource) === 'namespaces';
  if (isNamespace && ImmortalNamespaces.has(name)) {
    throw newForbidden(resource, name, 'this namespace may not be deleted');
  }
  const collection = collectionOf(cluster, resource);
  const key = keyOf(resource, namespace, name);
  const current = collection.get(key)?.value;
  if (!current) throw newNotFound(resource, name);
  if (isNamespace) requireSameNamespace(resource, current.object.metadata ?? {}, options);
  // A real server names the kind here, where it otherwise names the resource.
  else requirePreconditions({ group: resource.group, resource: resource.kind }, current.object.metadata ?? {}, options);

  const { object, remove } = deletionStep(resource, current.object, options, cluster.clock.now());
  const changed = object === current.object ? current : new StoredObject(object);
  if (dryRun) return { stored: changed, gone: remove };
  let stored = changed;
  if (changed !== current) stored = collection.put(key, (revision) => changed.at(revision)).value;
  if (remove) stored = collection.delete(key, (revision, last) => last.at(revision))?.value ?? stored;
  return { stored, gone: remove };
}

/** @throws StatusError 409 when the object is not the one that is meant. */
export function requirePreconditions(
  about: { readonly group: string; readonly resource: string },
  { name = '', ...current }: ObjectMeta,
  { preconditions }: DeleteOptionsBody,
): void {
  const { uid, resourceVersion } = preconditions ?? {};
  if (uid !== undefined && uid !== current.uid) {
    throw newConflict(
      about,
      name,
      `the UID in the precondition (${uid}) does not match the UID in record (${current.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion !== undefined && resourceVersion !== current.resourceVersion) {
    throw newConflict(
      about,
      name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${current.resourceVersion}). The object might have been modified`,
    );
  }
}

/** Namespaces word it in their own way. @throws StatusError 409 */
function requireSameNamespace(
  resource: GroupResource,
  { name = '', ...current }: ObjectMeta,
  { preconditions }: DeleteOptionsBody,
): void {
  for (const [field, label] of [
    ['uid', 'UID'],
    ['resourceVersion', 'ResourceVersion'],
  ] as const) {
    const wanted = preconditions?.[field];
    if (wanted === undefined || wanted === current[field]) continue;
    const problem = `Precondition failed: ${label} in precondition: ${wanted}, ${label} in object meta: ${current[field]}`;
    throw newConflict(resource, name, problem);
  }
}
