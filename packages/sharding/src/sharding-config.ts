import { type Clock, realClock } from '@client-ts/apimachinery';
import { ShardLayout } from './shard-layout.js';
import type { ShardField } from './shard-selector.js';

/** Times are those of `LeaderElector`, for the Lease by which a member says that it is there. */
export interface ShardMemberOptions {
  /** Of the Leases. */
  readonly namespace: string;
  /** Of the group, such as the controller's: its Leases are `<name>-member-<identity>` and `<name>-shard-<n>`. A DNS label of at most 63. */
  readonly name: string;
  /** Who this member is: its own among those that run, as the name of a Pod is; a DNS subdomain. Default: a random UUID. */
  readonly identity?: string | undefined;
  /**
   * Into how many shards the objects are divided. The same for all members: those who find others divide otherwise wait until
   * they are gone. Default: 32: up to eight members have shares that differ by a quarter at most, selectors fit into any URL,
   * and a view of all Leases is some 15 kB.
   */
  readonly shards?: number | undefined;
  /**
   * What decides on an object's shard. By `namespace`, all that is in a namespace is in one shard, objects of other kinds that
   * belong together included; one large namespace is not divided. Default: `uid`.
   */
  readonly by?: ShardField | undefined;
  /** How long others wait for a member that is silent before they take its shards, in whole seconds of milliseconds. Default: 15,000. */
  readonly leaseDurationMs?: number | undefined;
  /** After how many milliseconds without a renewal a member holds nothing more. Less than the lease duration. Default: 10,000. */
  readonly renewDeadlineMs?: number | undefined;
  /** Milliseconds between renewals, and between looks at the Leases of the others. Default: 2,000. */
  readonly retryPeriodMs?: number | undefined;
  /** Told of requests that failed, which are tried again, and of callbacks that threw. Must not throw. Default: `console.error`. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /** What decides. Default: real time. */
  readonly clock?: Clock | undefined;
  /** What time to write in Leases, for people, in milliseconds since the epoch. Default: the wall clock, or `clock` if given. */
  readonly wallClock?: (() => number) | undefined;
}

export type ShardMemberSettings = {
  readonly [K in Exclude<keyof ShardMemberOptions, 'shards' | 'by'>]-?: NonNullable<ShardMemberOptions[K]>;
} & { readonly layout: ShardLayout };

const Label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const Subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
/** The longest name of a Lease, without the longest name of a group and what is between. */
const MaxIdentity = 253 - 63 - '-member-'.length;

/** @throws TypeError or RangeError that names the field. */
export function shardMemberSettings(options: ShardMemberOptions): ShardMemberSettings {
  const { namespace, name, identity = crypto.randomUUID(), shards = 32, by = 'uid', clock = realClock } = options;
  if (!namespace) throw new TypeError('ShardMember: namespace: expected a text that is not empty');
  if (!Label.test(name)) throw new TypeError(`ShardMember: name: expected a DNS label, got ${JSON.stringify(name)}`);
  if (identity.length > MaxIdentity || !Subdomain.test(identity))
    throw new TypeError(
      `ShardMember: identity: expected a DNS subdomain of at most ${MaxIdentity} characters, got ${JSON.stringify(identity)}`,
    );
  return {
    namespace,
    name,
    identity,
    layout: new ShardLayout(shards, by),
    leaseDurationMs: options.leaseDurationMs ?? 15_000,
    renewDeadlineMs: options.renewDeadlineMs ?? 10_000,
    retryPeriodMs: options.retryPeriodMs ?? 2000,
    onError: options.onError ?? ((error) => console.error(error)),
    clock,
    wallClock: options.wallClock ?? (options.clock ? () => clock.now() : () => Date.now()),
  };
}
