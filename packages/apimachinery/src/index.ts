export { abortable } from './abortable.js';
export { Backoff, type BackoffOptions } from './backoff.js';
export { backoffDelays } from './backoff-delays.js';
export { Closable, type ClosableIterable } from './closable.js';
export { type Clock, realClock, sleep, wallClock } from './clock.js';
export type { BodyDecoder, Codec, DecodeOptions, EncodedObject, ListBodyDecoder, ObjectDecoder } from './codec.js';
export {
  type Condition,
  findStatusCondition,
  isStatusConditionTrue,
  removeStatusCondition,
  setStatusCondition,
} from './conditions.js';
export { defineResource, NamespaceAll, type ResourceDescriptor, type Scope } from './descriptor.js';
export { parseJson, stringifyJson } from './exact-json.js';
export { guardedProvider, type MetricErrorHandler, type MetricsOptions } from './guarded-provider.js';
export type { ItemStream, Lister, ListerWatcher, ListOrigin } from './lister-watcher.js';
export type {
  KubernetesList,
  KubernetesObject,
  ListMeta,
  ManagedFieldsEntry,
  ObjectMeta,
  OwnerReference,
  PartialObjectMetadata,
  Unstructured,
} from './object.js';
export { LruMap } from './lru-map.js';
export type { Metric, MetricLabels, MetricSample, MetricsProvider } from './metrics-provider.js';
export { microTime } from './micro-time.js';
export { onAbort } from './on-abort.js';
export type {
  ApplyOptions,
  CreateOptions,
  DeleteOptions,
  GetOptions,
  JsonPatchOp,
  ListOptions,
  Patch,
  PatchOptions,
  Preconditions,
  RequestOptions,
  Retry,
  SubresourceOptions,
  UpdateOptions,
  Warning,
  WatchOptions,
  WriteOptions,
} from './options.js';
export { getControllerOf, isControlledBy, newControllerRef } from './owner-references.js';
export { printable } from './printable.js';
export type { ProtobufTable } from './protobuf-table.js';
export { reasonOf } from './reason-of.js';
export { compareResourceVersion } from './resource-version.js';
export { DefaultBackoff, DefaultRetry, retryOnConflict, retryOnError, type RetryOptions } from './retry.js';
export {
  formatGroupResource,
  formatGroupVersion,
  type GroupResource,
  type GroupVersion,
  type GroupVersionKind,
  type GroupVersionResource,
  parseGroupVersion,
} from './schema.js';
export { SingleFlight } from './single-flight.js';
export { SpareBuffers } from './spare-buffers.js';
export type { Table, TableColumnDefinition, TableRow } from './table.js';
export type { UndecodableObject } from './undecodable-object.js';
export { type BookmarkObject, InitialEventsAnnotation, type Watch, type WatchEvent } from './watch.js';
