import { type Condition, type KubernetesObject, setStatusCondition } from '@client-ts/apimachinery';
import { managedFieldsAfterWrite } from '../apply/field-manager.js';
import { type Cluster, collectionOf } from '../cluster.js';
import { jsonEqual } from '../json-equal.js';
import type { ServedResource } from '../resource-registry.js';
import type { Entry } from '../storage/change.js';
import type { Collection } from '../storage/collection.js';
import { StoredObject } from '../stored-object.js';
import { deleteObject } from '../writes/delete-object.js';
import { cleanMetadata } from '../writes/object-metadata.js';
import { decideNames } from './accepted-names.js';
import { CleanupFinalizer, type Definition, Definitions, isEstablished } from './definition.js';
import { servedVersions } from './served-versions.js';

/**
 * What controllers in a real server do about CustomResourceDefinitions: accept names, serve the resources, and remove the
 * objects with their definition. Here it is done as soon as the request that caused it has been handled.
 */
export class DefinitionController {
  readonly #cluster: Cluster;
  readonly #definitions: Collection<StoredObject>;
  /** What each definition has in the registry, with the generation it was made from. */
  readonly #served = new Map<string, readonly ServedResource[]>();
  readonly #onGone: (resources: readonly ServedResource[]) => void;
  #seen = 0;
  /** How many definitions wait for their objects to go. */
  #terminating = 0;

  /** @param onGone - called with the resources that are no longer served. */
  constructor(cluster: Cluster, onGone: (resources: readonly ServedResource[]) => void) {
    this.#cluster = cluster;
    this.#definitions = collectionOf(cluster, Definitions);
    this.#onGone = onGone;
  }

  /** Brings everything up to date with the store. Cheap when no definition was written and none is going away. */
  sync(): void {
    while (this.#seen !== this.#definitions.latest || this.#terminating > 0) {
      const before = this.#cluster.store.revision;
      this.#seen = this.#definitions.latest;
      this.#terminating = 0;
      for (const entry of this.#definitions.range()) this.#syncOne(entry);
      for (const key of this.#served.keys()) if (!this.#definitions.get(key)) this.#serve(key, []);
      if (this.#cluster.store.revision === before) return;
    }
  }

  #syncOne({ key, value }: Entry<StoredObject>): void {
    const definition = value.object as Definition;
    if (definition.metadata?.deletionTimestamp !== undefined) {
      this.#cleanUp(key, definition);
      return;
    }
    const others = this.#definitions
      .range()
      .map((other) => other.value.object as Definition)
      .filter((other) => other.spec.group === definition.spec.group && other.metadata?.name !== key);
    const { acceptedNames, condition } = decideNames(definition, others);
    const named: Definition = { ...definition, status: { ...definition.status, acceptedNames } };
    const conditioned = this.#withCondition(named, condition);
    this.#update(key, this.#withCondition(conditioned, establishedCondition(conditioned, condition)));
    const current = this.#definitions.get(key)?.value.object as Definition;
    this.#serve(key, isEstablished(current) ? servedVersions(current) : []);
  }

  /** Deletes the objects; when the last one has gone, the definition goes, too. */
  #cleanUp(key: string, definition: Definition): void {
    const { group } = definition.spec;
    const resource = this.#served.get(key)?.[0];
    const objects = collectionOf(this.#cluster, { group, resource: definition.spec.names.plural });
    if (resource) {
      for (const { value } of objects.range()) {
        const { namespace = '', name = '', deletionTimestamp } = value.object.metadata ?? {};
        if (deletionTimestamp !== undefined) continue;
        deleteObject({ cluster: this.#cluster, resource, namespace, dryRun: false }, name, {});
      }
    }
    if (objects.range().length > 0) {
      this.#terminating++;
      this.#update(key, this.#withCondition(definition, DeletionInProgress));
      return;
    }
    const finalizers = (definition.metadata?.finalizers ?? []).filter((finalizer) => finalizer !== CleanupFinalizer);
    this.#serve(key, []);
    if (finalizers.length === 0) this.#definitions.delete(key, (revision, last) => last.at(revision));
    else this.#update(key, { ...definition, metadata: { ...definition.metadata, finalizers } });
  }

  #withCondition(definition: Definition, condition: Condition): Definition {
    const { status } = definition;
    const now = new Date(this.#cluster.clock.now());
    return { ...definition, status: { ...status, conditions: setStatusCondition(status?.conditions, condition, now) } };
  }

  #update(key: string, definition: Definition): void {
    const current = this.#definitions.get(key)?.value.object;
    if (!current || jsonEqual(current, definition)) return;
    const owned = this.#owned(current, definition);
    this.#definitions.put(key, (revision) => new StoredObject(owned).at(revision));
  }

  /** What controllers in a server write belongs to the server. */
  #owned(current: KubernetesObject, definition: Definition): Definition {
    const cluster = this.#cluster;
    const resource = cluster.registry.find({ group: Definitions.group, version: 'v1' }, Definitions.resource);
    if (!resource) return definition;
    const writer = { cluster, resource, subresource: 'status', fieldManager: 'kube-apiserver' };
    const managedFields = managedFieldsAfterWrite(writer, undefined, current, definition);
    return { ...definition, metadata: cleanMetadata({ ...definition.metadata, managedFields }) };
  }

  #serve(key: string, resources: readonly ServedResource[]): void {
    const { registry } = this.#cluster;
    const before = this.#served.get(key) ?? [];
    if (jsonEqual(before, resources)) return;
    const versions = new Set(resources.map(({ version }) => version));
    const gone = before.filter(({ version }) => !versions.has(version));
    registry.remove(gone);
    registry.add(resources);
    if (resources.length === 0) this.#served.delete(key);
    else this.#served.set(key, resources);
    if (gone.length > 0) this.#onGone(gone);
  }
}

const DeletionInProgress: Condition = {
  type: 'Terminating',
  status: 'True',
  reason: 'InstanceDeletionInProgress',
  message: 'CustomResource deletion is in progress',
};

function establishedCondition(definition: Definition, names: Condition): Condition {
  if (names.status === 'True' || isEstablished(definition)) {
    const message = 'the initial names have been accepted';
    return { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message };
  }
  return { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
}
