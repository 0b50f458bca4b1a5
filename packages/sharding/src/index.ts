export type { OwnedObject, Release } from './ownership.js';
export { sharded } from './sharded.js';
export { type FilteredBy, ShardedSource, type ShardedSourceOptions } from './sharded-source.js';
export { ShardLayout } from './shard-layout.js';
export { ShardMember } from './shard-member.js';
export { mergeRanges, type ShardField, type ShardRange, shardSelector } from './shard-selector.js';
export { fixedShards, type ShardSet } from './shard-set.js';
export type { ShardMemberOptions } from './sharding-config.js';
