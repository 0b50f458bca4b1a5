import { type Lease, leases } from '@client-ts/api/coordination/v1';
import { type Clock, realClock } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import { type Config, type ResourceInterface, RestClient } from '@client-ts/rest';
import { leaseConfig } from './lease-config.js';
import type { LeaderElectionRecord, Lock, LockedRecord, LockRequestOptions } from './lock.js';

/** What an event of an election says, for whoever makes an Event of it. */
export interface ElectionEvent {
  readonly regarding: {
    readonly apiVersion: 'coordination.k8s.io/v1';
    readonly kind: 'Lease';
    readonly namespace: string;
    readonly name: string;
    readonly uid?: string | undefined;
    readonly resourceVersion?: string | undefined;
  };
  readonly type: 'Normal';
  readonly reason: 'LeaderElection';
  /** `<identity> became leader`, `<identity> stopped leading`. */
  readonly message: string;
}

export interface LeaseLockOptions {
  readonly namespace: string;
  readonly name: string;
  /** Who this candidate is: has to be its own, as a random UUID or the name of a Pod is. */
  readonly identity: string;
  /** For the Lease; those it has beside them stay. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Told who became leader and who stopped. Must not throw. Default: nobody. */
  readonly onEvent?: ((event: ElectionEvent) => void) | undefined;
  /** Time limits of requests run on it. Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * A lock that is a `Lease` of coordination.k8s.io/v1: the only kind that client-go still has.
 *
 * Its requests have a client of their own, which neither waits for the config's rate limit nor sends anything again.
 *
 * @throws TypeError when namespace, name or identity is empty.
 * @see https://kubernetes.io/docs/concepts/architecture/leases/
 */
export function leaseLock(config: Config, options: LeaseLockOptions): Lock {
  for (const field of ['namespace', 'name', 'identity'] as const)
    if (!options[field]) throw new TypeError(`leaseLock: ${field}: expected a text that is not empty`);
  return new LeaseLock(config, options);
}

class LeaseLock implements Lock {
  readonly identity: string;
  readonly #options: LeaseLockOptions;
  readonly #leases: ResourceInterface<Lease, unknown>;
  /** For events: the Lease as it was seen last. */
  #last: Lease | undefined;

  constructor(config: Config, options: LeaseLockOptions) {
    this.identity = options.identity;
    this.#options = options;
    this.#leases = new RestClient(leaseConfig(config), options.clock ?? realClock).resource(leases, options.namespace);
  }

  async get(options: LockRequestOptions): Promise<LockedRecord | undefined> {
    try {
      return this.#locked(await this.#leases.get(this.#options.name, options));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  async create(record: LeaderElectionRecord, options: LockRequestOptions): Promise<LockedRecord> {
    const { namespace, name, labels } = this.#options;
    const metadata = labels ? { namespace, name, labels } : { namespace, name };
    return this.#locked(await this.#leases.create({ metadata, spec: specOf(record) }, options));
  }

  async update(
    current: LockedRecord,
    record: LeaderElectionRecord,
    options: LockRequestOptions,
  ): Promise<LockedRecord> {
    const lease = current.stored as Lease;
    const { labels } = this.#options;
    const metadata = labels ? { ...lease.metadata, labels: { ...lease.metadata?.labels, ...labels } } : lease.metadata;
    const { strategy: _, preferredHolder: __, ...spec } = lease.spec ?? {};
    const next: Lease = { ...lease, spec: { ...spec, ...specOf(record) } };
    return this.#locked(await this.#leases.update(metadata ? { ...next, metadata } : next, options));
  }

  recordEvent(message: string): void {
    const { namespace, name, onEvent } = this.#options;
    const { uid, resourceVersion } = this.#last?.metadata ?? {};
    onEvent?.({
      regarding: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name, uid, resourceVersion },
      type: 'Normal',
      reason: 'LeaderElection',
      message: `${this.identity} ${message}`,
    });
  }

  describe(): string {
    return `${this.#options.namespace}/${this.#options.name}`;
  }

  #locked(lease: Lease): LockedRecord {
    this.#last = lease;
    return { record: recordOf(lease), stored: lease };
  }
}

/** What a Lease says; what it leaves out is nothing, and nobody. */
export function recordOf({ spec = {} }: Lease): LeaderElectionRecord {
  return {
    holderIdentity: spec.holderIdentity ?? '',
    leaseDurationSeconds: spec.leaseDurationSeconds ?? 0,
    acquireTime: spec.acquireTime,
    renewTime: spec.renewTime,
    leaderTransitions: spec.leaseTransitions ?? 0,
    strategy: spec.strategy,
    preferredHolder: spec.preferredHolder,
  };
}

function specOf(record: LeaderElectionRecord): NonNullable<Lease['spec']> {
  const { holderIdentity, leaseDurationSeconds, acquireTime, renewTime, leaderTransitions } = record;
  const { strategy, preferredHolder } = record;
  return {
    holderIdentity,
    leaseDurationSeconds,
    ...(acquireTime ? { acquireTime } : {}),
    ...(renewTime ? { renewTime } : {}),
    leaseTransitions: leaderTransitions,
    ...(strategy ? { strategy } : {}),
    ...(preferredHolder ? { preferredHolder } : {}),
  };
}
