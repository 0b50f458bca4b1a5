import type {
  ApplyOptions,
  CreateOptions,
  DeleteOptions,
  GetOptions,
  ItemStream,
  KubernetesList,
  KubernetesObject,
  ListerWatcher,
  ListOptions,
  Patch,
  PatchOptions,
  UpdateOptions,
  Watch,
  WatchOptions,
} from '@client-ts/apimachinery';
import type { SuccessStatus } from '@client-ts/apimachinery/errors';

/**
 * The verbs every resource has. Generated interfaces extend this and add subresources.
 *
 * `S` are the subresources that hold the object itself, seen in part, such as `status`: what verbs may name instead of it.
 *
 * `apiVersion` and `kind` may be left out of what is sent, and are always present in what is returned, list items
 * included.
 *
 * Every method rejects with a `StatusError` when the server refuses, with a `TransportError` when there is no answer,
 * and with `signal.reason` when aborted.
 */
export interface ResourceInterface<T extends KubernetesObject, A, S extends string = string> extends ListerWatcher<T> {
  get(name: string, options?: GetOptions<S>): Promise<T>;
  list(options?: ListOptions): Promise<KubernetesList<T>>;
  listItems(options?: ListOptions): ItemStream<T>;
  watch(options?: WatchOptions): Watch<T>;
  create(object: T, options?: CreateOptions<S>): Promise<T>;
  /** Replaces the object. Fails with a conflict when `metadata.resourceVersion` is set and no longer current. */
  update(object: T, options?: UpdateOptions<S>): Promise<T>;
  patch(name: string, patch: Patch, options?: PatchOptions<S>): Promise<T>;
  /** Server-side apply: declares the fields that this manager wants, and owns. */
  apply(configuration: A, options: ApplyOptions<S>): Promise<T>;
  /**
   * Resolves with what the server answers: the object, when it is still there, such as for its finalizers or graceful deletion,
   * and of some resources also when it is not; otherwise a status whose `details.uid` says which object is gone.
   * `isSuccessStatus` tells them apart.
   */
  delete(name: string, options?: DeleteOptions): Promise<T | SuccessStatus>;
  deleteCollection(options?: DeleteOptions, listOptions?: ListOptions): Promise<void>;
}

/** Resources with a `status` subresource. */
export interface StatusInterface<T extends KubernetesObject, A> {
  /** Replaces the status; everything else of the object is ignored by the server. */
  updateStatus(object: T, options?: UpdateOptions): Promise<T>;
  applyStatus(configuration: A, options: ApplyOptions): Promise<T>;
}
