import type { ObjectRef } from './object-ref.js';

/** The part of a controller's objects that this process works on; a member of `@client-ts/sharding` is one. */
export interface Partition {
  /** True while this process holds the object's shard. */
  owns(object: ObjectRef): boolean;
  /**
   * `release` is called with what is to be given up, before the shard's Lease is released; the Lease is released once the promise
   * has resolved, and within the Lease's own time. From then on `owns` is false of it. Returns an unsubscriber.
   */
  onRelease(release: (lost: (object: ObjectRef) => boolean) => Promise<void>): () => void;
  /** `acquire` is called after a shard was claimed: the controller enqueues what it has of it. Returns an unsubscriber. */
  onAcquire(acquire: (gained: (object: ObjectRef) => boolean) => void): () => void;
}
