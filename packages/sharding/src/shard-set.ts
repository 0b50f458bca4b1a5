import type { ShardLayout } from './shard-layout.js';

/** Shards of one holder, as those see them who read objects for him. A `ShardMember` is one. */
export interface ShardSet {
  readonly layout: ShardLayout;
  /** Those whose objects are to be at hand; another set after each change. */
  readonly shards: ReadonlySet<number>;
  /** Calls back after each change of `shards`. @returns a function that ends that. */
  onShards(changed: () => void): () => void;
}

/** Shards that stay as they are: for processes that are numbered, such as those of a StatefulSet. */
export function fixedShards(layout: ShardLayout, shards: Iterable<number>): ShardSet {
  return { layout, shards: new Set(shards), onShards: () => () => {} };
}
