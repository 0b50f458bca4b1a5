import type { GroupView, Holder } from './group-view.js';

/** When something was first seen as it is. */
interface Sighting {
  readonly sign: string;
  readonly since: number;
}

export type Sightings = ReadonlyMap<string, Sighting>;

/** Of a holder whose Lease does not tell of its term. */
export function keyOf({ identity, term }: Holder): string {
  return `${identity}/${term}`;
}

/** Whether it is the key of a member: identities have no slash. */
function isMember(key: string): boolean {
  return !key.includes('/');
}

/** The sign of a member whose Lease is not there any more: nobody knows what it still holds. */
export const Vanished = 'vanished';

/** @param leaseDurationMs - for so long a member whose Lease is gone may still hold something. */
export function sight(before: Sightings, view: GroupView, leaseDurationMs: number): Sightings {
  const sightings = new Map<string, Sighting>();
  const see = (key: string, sign: string): void => {
    const known = before.get(key);
    sightings.set(key, known?.sign === sign ? known : { sign, since: view.receivedAt });
  };
  for (const { identity, sign } of view.members.values()) see(identity, sign);
  for (const { holder } of view.claims.values()) {
    if (!holder) continue;
    const member = view.members.get(holder.identity);
    if (!member || member.term < holder.term) see(keyOf(holder), 'missing');
  }
  for (const [key, { sign, since }] of before) {
    const isOver = sign === Vanished && view.sentAt - since >= leaseDurationMs;
    if (isMember(key) && !view.members.has(key) && !isOver) see(key, Vanished);
  }
  return sightings;
}
