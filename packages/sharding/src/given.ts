import type { ObjectKey } from '@client-ts/cache';

/** What a reader was given of one shard. */
export class Given {
  readonly keys: Set<ObjectKey> = new Set();
  /** All of it has been given: changes follow. */
  complete: boolean = false;
  /** What was given is as of this version, which is newer than the watch: what that brings up to it is known. */
  since: string | undefined;
}

/** Nothing of these shards has been given yet. */
export function startedWith(shards: Iterable<number>): Map<number, Given> {
  return new Map(Array.from(shards, (shard) => [shard, new Given()]));
}
