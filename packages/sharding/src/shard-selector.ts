/** What objects are sorted by: kube-apiserver knows these two. */
export type ShardField = 'uid' | 'namespace';

/** Hashes from `start` on, and before `end`, which may be 2^64. */
export interface ShardRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** The same hashes in as few ranges as there can be, in order. Empty ranges are left out. */
export function mergeRanges(ranges: Iterable<ShardRange>): ShardRange[] {
  const merged: { start: bigint; end: bigint }[] = [];
  for (const { start, end } of [...ranges].toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0))) {
    if (end <= start) continue;
    const last = merged.at(-1);
    if (!last || start > last.end) merged.push({ start, end });
    else if (end > last.end) last.end = end;
  }
  return merged;
}

/**
 * The `shardSelector` of these ranges, merged: `shardRange(object.metadata.uid, '0x…', '0x…') || …`, as the server echoes it.
 *
 * @throws RangeError when there is none: an empty selector stands for everything.
 * @see https://kep.k8s.io/5866
 */
export function shardSelector(field: ShardField, ranges: Iterable<ShardRange>): string {
  const merged = mergeRanges(ranges);
  if (merged.length === 0) throw new RangeError('shardSelector: ranges: expected one that is not empty');
  const text = (bound: bigint): string => `'0x${bound.toString(16).padStart(16, '0')}'`;
  return merged
    .map(({ start, end }) => `shardRange(object.metadata.${field}, ${text(start)}, ${text(end)})`)
    .join(' || ');
}
