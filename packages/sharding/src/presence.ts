import { compareResourceVersion } from '@client-ts/apimachinery';
import type { ClaimView, GroupView, Holder, MemberView } from './group-view.js';
import { keyOf, type Sightings, Vanished } from './sightings.js';

/** Who is there, as a view shows it to one of the members, and what of others may go on. */
export class Presence {
  /** Those who hold their Leases, and have not been silent for too long. */
  readonly all: readonly MemberView[];
  /** Without the one who looks. */
  readonly others: readonly MemberView[];
  readonly #sightings: Sightings;
  readonly #view: GroupView;
  readonly #leaseDurationMs: number;

  /** @param leaseDurationMs - how long the Lease of a member is waited for that is not there. */
  constructor(
    sightings: Sightings,
    view: GroupView,
    { identity, leaseDurationMs }: { readonly identity: string; readonly leaseDurationMs: number },
  ) {
    this.#sightings = sightings;
    this.#view = view;
    this.#leaseDurationMs = leaseDurationMs;
    this.all = [...view.members.values()].filter((each) => each.joined && !this.isSilent(each));
    this.others = this.all.filter((each) => each.identity !== identity);
  }

  isSilent({ identity, leaseDurationMs }: MemberView): boolean {
    return this.#quietMs(identity) >= leaseDurationMs;
  }

  /** Whether the holder's term is over: whatever it held, it holds no more. */
  isOver(holder: Holder): boolean {
    const member = this.#view.members.get(holder.identity);
    if (!member || member.term < holder.term) return this.#quietMs(keyOf(holder)) >= this.#leaseDurationMs;
    return member.term > holder.term || !member.joined || this.isSilent(member);
  }

  /** Whether nobody else can hold the shard by a Lease that was there before this one. */
  hasLetGo({ version }: ClaimView): boolean {
    const isVanished = [...this.#sightings.values()].some(({ sign }) => sign === Vanished);
    return !isVanished && this.others.every((each) => hasSeen(each, version));
  }

  #quietMs(key: string): number {
    return this.#view.sentAt - (this.#sightings.get(key)?.since ?? this.#view.receivedAt);
  }
}

export function hasSeen({ seen }: MemberView, version: string): boolean {
  return seen !== undefined && compareResourceVersion(seen, version) >= 0;
}
