import type { FilteredBy } from '@client-ts/sharding';

/** What a worker prints, one to a line. `at`: see `machineTime`. */
export type WorkerEvent = { readonly at: number } & (
  | {
      readonly event: 'begin' | 'end';
      readonly uid: string;
      readonly lock: string;
      readonly transitions: number;
      readonly holder: string;
    }
  | { readonly event: 'shards'; readonly shards: number }
  | { readonly event: 'filtered by'; readonly by: FilteredBy }
  | ({ readonly event: 'usage' } & Usage)
  /** A failure that was survived. */
  | { readonly event: 'failure'; readonly message: string }
  | { readonly event: 'ended' }
);

export interface Usage {
  /** After everything that is not needed was collected. */
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** How many objects it keeps. */
  readonly objects: number;
  /** What watches of ConfigMaps have brought so far. */
  readonly watchBytes: number;
  /** What lists of ConfigMaps have. */
  readonly listBytes: number;
}
