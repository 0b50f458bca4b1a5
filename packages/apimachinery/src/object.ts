/**
 * What every Kubernetes object carries beside its kind.
 *
 * Objects are plain JSON as the server sent them: times are RFC 3339 strings, and fields that are newer than these types
 * are kept. An integer that a `number` cannot hold, beyond 2^53, is a `bigint` whatever its type says.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/
 */
export interface ObjectMeta {
  name?: string;
  /** Prefix from which the server makes a unique name when `name` is empty. */
  generateName?: string;
  namespace?: string;
  uid?: string;
  /** Opaque; compare with `compareResourceVersion`. */
  resourceVersion?: string;
  /** Counts the changes of the desired state; set by the server. */
  generation?: number;
  /** RFC 3339 time, seconds, UTC. */
  creationTimestamp?: string;
  /** RFC 3339 time; present once a graceful deletion was requested. */
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
  /** The object is removed when this is empty and `deletionTimestamp` is set. */
  finalizers?: string[];
  managedFields?: ManagedFieldsEntry[];
  selfLink?: string;
}

/** Points from a dependent to its owner, in the same namespace or cluster-scoped. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  /** At most one owner is the managing controller. */
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** Which fields of an object one manager set, and how. */
export interface ManagedFieldsEntry {
  manager?: string;
  operation?: string;
  apiVersion?: string;
  time?: string;
  fieldsType?: string;
  fieldsV1?: Record<string, unknown>;
  subresource?: string;
}

/** Anything with a kind and metadata. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta | undefined;
}

/** An object of which a server was asked for the metadata only: `apiVersion: meta.k8s.io/v1`. */
export interface PartialObjectMetadata extends KubernetesObject {
  metadata: ObjectMeta;
}

/** Metadata of a list. */
export interface ListMeta {
  /** The state of the server that the list shows; where a watch goes on from. */
  resourceVersion?: string;
  /** Token for the next page; empty or absent on the last one. */
  continue?: string;
  /** How many items follow this page; absent when the server does not know. */
  remainingItemCount?: number;
  selfLink?: string;
  /** Which part of the objects it shows, as the server understood `shardSelector` (KEP-5866); absent when it did not. */
  shardInfo?: { selector: string };
}

/** One page of a list. */
export interface KubernetesList<T> {
  apiVersion?: string;
  kind?: string;
  metadata: ListMeta;
  items: T[];
}

/** An object whose schema is not known. Reading below `metadata` needs a check. */
export interface Unstructured extends KubernetesObject {
  apiVersion: string;
  kind: string;
  [field: string]: unknown;
}
