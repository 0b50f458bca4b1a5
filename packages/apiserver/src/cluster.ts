import type { ApiSchema } from '@client-ts/api/schema';
import type { Clock, GroupResource } from '@client-ts/apimachinery';
import type { ObjectChecker } from './object-checker.js';
import type { ResourceRegistry, ServedResource } from './resource-registry.js';
import type { Collection } from './storage/collection.js';
import type { Store } from './storage/store.js';
import type { StoredObject } from './stored-object.js';

/** Everything that requests read and change. */
export interface Cluster {
  readonly store: Store<StoredObject>;
  readonly registry: ResourceRegistry;
  /** Facts about the built-in types. */
  readonly schema: ApiSchema;
  readonly clock: Clock;
  readonly check: ObjectChecker;
}

/** Resources that show the same stored objects in different groups, with the group that they are stored under. */
const SharedStorage: Readonly<Record<string, string>> = { 'events.events.k8s.io': 'events.' };

/** Where the objects of a resource are stored; the same for all versions of a group. */
export function collectionOf(cluster: Cluster, resource: GroupResource): Collection<StoredObject> {
  return cluster.store.collection(storedUnder(resource));
}

/** The name of the collection; resources with the same one show the same objects. */
export function storedUnder({ group, resource }: GroupResource): string {
  const name = `${resource}.${group}`;
  return SharedStorage[name] ?? name;
}

/** Key of an object in its collection. Lists are in the order of the keys, as a real server's are. */
export function keyOf(resource: Pick<ServedResource, 'scope'>, namespace: string, name: string): string {
  return resource.scope === 'Namespaced' ? `${namespace}/${name}` : name;
}
