/**
 * Who leads, as it is written down: client-go's `LeaderElectionRecord`. Times are RFC 3339 texts by the writer's clock, and for
 * people: nothing is decided by them.
 */
export interface LeaderElectionRecord {
  /** Empty: nobody leads, and whoever comes first may. */
  readonly holderIdentity: string;
  /** How long others have to see this record unchanged, by their own clocks, before they take over. */
  readonly leaseDurationSeconds: number;
  /** When this holder's term began. */
  readonly acquireTime?: string | undefined;
  readonly renewTime?: string | undefined;
  /** How many terms there were before this one. */
  readonly leaderTransitions: number;
  /** How a coordinated election chooses: set by the control plane. */
  readonly strategy?: string | undefined;
  /** Who shall lead next: tells the holder of a coordinated election to step down. */
  readonly preferredHolder?: string | undefined;
}

/** A record as it was read or written, with what a {@link Lock} needs to replace exactly this one. */
export interface LockedRecord {
  readonly record: LeaderElectionRecord;
  /** Of no concern to anybody but the lock. */
  readonly stored: unknown;
}

export interface LockRequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** The request is given up after so many milliseconds. */
  readonly timeoutMs: number;
}

/** Where the record is kept. */
export interface Lock {
  /** Who this candidate is. Has to be its own: two that run with the same one are taken for one after the other. */
  readonly identity: string;
  /** `undefined` when there is none. */
  get(options: LockRequestOptions): Promise<LockedRecord | undefined>;
  /** Rejects when there is one. */
  create(record: LeaderElectionRecord, options: LockRequestOptions): Promise<LockedRecord>;
  /** Rejects with a conflict when `current` is no longer what is stored. */
  update(current: LockedRecord, record: LeaderElectionRecord, options: LockRequestOptions): Promise<LockedRecord>;
  /** Tells the cluster's users: `became leader`, `stopped leading`. Must not throw. */
  recordEvent(message: string): void;
  /** Its name, for messages. */
  describe(): string;
}
