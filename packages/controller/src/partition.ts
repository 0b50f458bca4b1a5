import type { ObjectRef } from './object-ref.js';

/** The part of a controller's objects that this process works on; a member of `@client-ts/sharding` is one. */
export interface Partition {
  /** True while this process holds the object's shard. */
  owns(object: ObjectRef): boolean;
  /**
   * `release` is called with what is to be given up; `owns` is false of it from then on. Only when the promise has resolved may
   * it become another process's, or be acquired here again: work that does not end holds that up for as long as its process
   * lives. Returns an unsubscriber.
   */
  onRelease(release: (lost: (object: ObjectRef) => boolean) => Promise<void>): () => void;
  /** `acquire` is called after a shard was claimed: the controller enqueues what it has of it. Returns an unsubscriber. */
  onAcquire(acquire: (gained: (object: ObjectRef) => boolean) => void): () => void;
}
