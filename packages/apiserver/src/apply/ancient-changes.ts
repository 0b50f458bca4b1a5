import { compareText, type Manager, managerId, type Ownership } from './managers.js';

/** How many managers that update are told apart. */
const MaxUpdaters = 10;

/** Puts the oldest updaters of each version together, until there are no more than a real server keeps apart. */
export function withAncientTogether(ownerships: readonly Ownership[]): readonly Ownership[] {
  const updaters = ownerships
    .filter(({ manager }) => manager.operation === 'Update')
    .toSorted(
      (a, b) => compareText(a.time ?? '', b.time ?? '') || compareText(managerId(a.manager), managerId(b.manager)),
    );
  let surplus = updaters.length - MaxUpdaters;
  if (surplus <= 0) return ownerships;
  const result = new Map(ownerships.map((ownership) => [managerId(ownership.manager), ownership]));
  const firstOf = new Map<string, string>();
  for (const { manager } of updaters) {
    if (surplus <= 0) break;
    const { apiVersion } = manager;
    const id = managerId(manager);
    const first = firstOf.get(apiVersion);
    if (first === undefined) {
      firstOf.set(apiVersion, id);
      continue;
    }
    const together: Manager = { name: 'ancient-changes', operation: 'Update', apiVersion, subresource: '' };
    const bucket = managerId(together);
    const kept = result.get(bucket) ?? result.get(first);
    const merged = result.get(id);
    if (!kept || !merged) continue;
    if (!result.has(bucket)) result.delete(first);
    result.delete(id);
    result.set(bucket, { manager: together, fields: merged.fields.union(kept.fields), time: merged.time });
    surplus--;
  }
  return [...result.values()];
}
