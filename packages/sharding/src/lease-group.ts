import { type Lease, leases } from '@client-ts/api/coordination/v1';
import { type DeleteOptions, microTime } from '@client-ts/apimachinery';
import { isAlreadyExists, isConflict, isNotFound } from '@client-ts/apimachinery/errors';
import { type Config, type ResourceInterface, RestClient, withUserAgent } from '@client-ts/rest';
import type { ClaimView, GroupView, Holder, MemberView } from './group-view.js';
import type { ShardMemberSettings } from './sharding-config.js';

/** On every Lease of a group: its name. */
const GroupLabel = 'sharding.client-ts.dev/group';
/** On the Leases of members: how they divide the objects. */
const LayoutLabel = 'sharding.client-ts.dev/layout';
/** On the Lease of a member that is about to go: in which term. */
const LeavingAnnotation = 'sharding.client-ts.dev/leaving';
/** On the Lease of a member: see `MemberView.seen`. */
const SeenAnnotation = 'sharding.client-ts.dev/seen';

const Version = /^[1-9][0-9]*$/;

/** The Leases of one group: those of its members, and one for each shard. */
export class LeaseGroup {
  readonly #settings: ShardMemberSettings;
  readonly #leases: ResourceInterface<Lease, unknown>;

  constructor(config: Config, settings: ShardMemberSettings) {
    const named = withUserAgent(config, 'sharding');
    // That a controller asks much must not cost it its shards.
    const own: Config = { ...named, qps: undefined, rateLimiter: undefined, retry: { max: 0 } };
    this.#settings = settings;
    this.#leases = new RestClient(own, settings.clock).resource(leases, settings.namespace);
  }

  /** For the Lease of this member. */
  get memberLabels(): Readonly<Record<string, string>> {
    const { name, layout } = this.#settings;
    return { [GroupLabel]: name, [LayoutLabel]: layout.name };
  }

  get memberName(): string {
    return `${this.#prefix('member')}${this.#settings.identity}`;
  }

  claimName(shard: number): string {
    return `${this.#prefix('shard')}${shard}`;
  }

  /** Reads all Leases, as they are now: not those of a cache. */
  async view(): Promise<GroupView> {
    const { name, clock } = this.#settings;
    const sentAt = clock.now();
    const options = { labelSelector: `${GroupLabel}=${name}`, timeoutMs: this.#timeoutMs };
    const { items, metadata } = await this.#leases.list(options);
    const members = items.flatMap((lease) => this.#member(lease));
    const claims = items.flatMap((lease) => this.#claim(lease));
    return {
      sentAt,
      receivedAt: clock.now(),
      version: metadata.resourceVersion ?? '',
      members: new Map(members.map((member) => [member.identity, member])),
      claims: new Map(claims.map((claim) => [claim.shard, claim])),
    };
  }

  /** Makes the Lease of a shard that has none. Nobody holds the shard by it: see `ClaimView.isNew`. */
  async make({ shard, transitions }: { shard: number; transitions: number }): Promise<void> {
    const metadata = { name: this.claimName(shard), labels: { [GroupLabel]: this.#settings.name } };
    const spec = { leaseTransitions: transitions };
    // Somebody else was faster.
    await unless(isAlreadyExists, () => this.#leases.create({ metadata, spec }, { timeoutMs: this.#timeoutMs }));
  }

  /** Lets a Lease that is nobody's count on from there, if it is as it was seen. */
  async raise({ claim: { lease }, transitions }: { claim: ClaimView; transitions: number }): Promise<void> {
    await this.#replace(lease, { ...lease.spec, leaseTransitions: transitions });
  }

  /**
   * Claims a shard, over the Lease that was seen.
   *
   * @returns `transitions` of the claim; `undefined` when somebody else was faster.
   */
  async claim({ lease }: ClaimView, holder: Holder): Promise<number | undefined> {
    const time = this.#time();
    const written = await this.#replace(lease, {
      holderIdentity: holderText(holder),
      leaseDurationSeconds: Math.ceil(this.#settings.leaseDurationMs / 1000),
      leaseTransitions: transitionsOf(lease) + 1,
      acquireTime: time,
      renewTime: time,
    });
    return written && transitionsOf(written);
  }

  /** Writes that nobody holds the shard. @returns whether the claim was as it was seen. */
  async release({ lease }: ClaimView): Promise<boolean> {
    const written = await this.#replace(lease, { ...lease.spec, holderIdentity: '', renewTime: this.#time() });
    return written !== undefined;
  }

  /** Lets the others know that this member takes no more shards in this term. */
  announceLeave(term: number): Promise<void> {
    return this.#annotateMember({ [LeavingAnnotation]: String(term) });
  }

  /** Lets the others know that this member holds nothing of what was not its own in a view of this version. */
  announceSeen(version: string): Promise<void> {
    return this.#annotateMember({ [SeenAnnotation]: version });
  }

  /** Deletes the Lease of a member that is gone, if it is as it was seen. */
  async forget({ lease: { metadata } }: MemberView): Promise<void> {
    const { name = '', uid, resourceVersion } = metadata ?? {};
    const preconditions: NonNullable<DeleteOptions['preconditions']> = {};
    if (uid) preconditions.uid = uid;
    if (resourceVersion) preconditions.resourceVersion = resourceVersion;
    // Somebody else did, or it is back.
    await unless(isOther, () => this.#leases.delete(name, { preconditions, timeoutMs: this.#timeoutMs }));
  }

  /** @returns what was written; `undefined` when the Lease was no longer as it was seen. */
  #replace(lease: Lease, spec: NonNullable<Lease['spec']>): Promise<Lease | undefined> {
    return unless(isOther, () => this.#leases.update({ ...lease, spec }, { timeoutMs: this.#timeoutMs }));
  }

  async #annotateMember(annotations: Readonly<Record<string, string>>): Promise<void> {
    const patch = { metadata: { annotations } };
    await this.#leases.patch(this.memberName, { type: 'merge', patch }, { timeoutMs: this.#timeoutMs });
  }

  get #timeoutMs(): number {
    return this.#settings.renewDeadlineMs / 2;
  }

  #prefix(what: 'member' | 'shard'): string {
    return `${this.#settings.name}-${what}-`;
  }

  /** For people: nothing is decided by it. */
  #time(): string {
    return microTime(this.#settings.wallClock());
  }

  #member(lease: Lease): MemberView[] {
    const { metadata, spec = {} } = lease;
    const prefix = this.#prefix('member');
    const layout = metadata?.labels?.[LayoutLabel];
    if (!metadata?.name?.startsWith(prefix) || layout === undefined) return [];
    const identity = metadata.name.slice(prefix.length);
    const term = transitionsOf(lease);
    const leaseDurationMs = (spec.leaseDurationSeconds ?? 0) * 1000;
    const seen = metadata.annotations?.[SeenAnnotation];
    return [
      {
        identity,
        term,
        joined: spec.holderIdentity === identity,
        leaving: metadata.annotations?.[LeavingAnnotation] === String(term),
        layout,
        // What a Lease says of a member that has given it up is no time to wait.
        leaseDurationMs: Math.max(leaseDurationMs, this.#settings.leaseDurationMs),
        sign: JSON.stringify([term, spec.holderIdentity, spec.renewTime, spec.acquireTime]),
        seen: seen !== undefined && Version.test(seen) ? seen : undefined,
        lease,
      },
    ];
  }

  #claim(lease: Lease): ClaimView[] {
    const prefix = this.#prefix('shard');
    const { name = '', resourceVersion: version = '' } = lease.metadata ?? {};
    if (!name.startsWith(prefix)) return [];
    const shard = Number(name.slice(prefix.length));
    if (!(Number.isInteger(shard) && this.claimName(shard) === name)) return [];
    const { holderIdentity, acquireTime } = lease.spec ?? {};
    const holder = holderOf(holderIdentity);
    const isNew = !holder && acquireTime === undefined;
    return [{ shard, holder, transitions: transitionsOf(lease), isNew, version, lease }];
  }
}

function isOther(error: unknown): boolean {
  return isNotFound(error) || isConflict(error);
}

/** @returns what `action` gives; `undefined` when it fails in a way that was to be expected. */
async function unless<T>(isExpected: (error: unknown) => boolean, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (isExpected(error)) return undefined;
    throw error;
  }
}

function transitionsOf({ spec }: Lease): number {
  return spec?.leaseTransitions ?? 0;
}

/** `web-7/3`: the member, and its term. */
export function holderText({ identity, term }: Holder): string {
  return `${identity}/${term}`;
}

/** What is not of the form is a holder all the same, of whom nobody knows. */
function holderOf(text: string | undefined): Holder | undefined {
  if (!text) return undefined;
  const slash = text.lastIndexOf('/');
  const term = slash < 0 ? NaN : Number(text.slice(slash + 1));
  return Number.isInteger(term) ? { identity: text.slice(0, slash), term } : { identity: text, term: 0 };
}
