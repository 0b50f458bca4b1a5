import type { Span } from './worker-process.js';

/** Work on one object that goes on while somebody else works on it, or in the name of a claim that is older than the last. None is what is right. */
export function overlaps(spans: readonly Span[]): string[] {
  const found: string[] = [];
  const last = new Map<string, Span>();
  const claims = new Map<string, Span>();
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const before = last.get(span.uid);
    if (before && before.to > span.from && before.holder !== span.holder)
      found.push(`${span.holder} works on ${span.uid} beside ${before.holder}`);
    if (!before || span.to > before.to) last.set(span.uid, span);
    const claim = claims.get(span.lock);
    const isOlder = claim && span.transitions < claim.transitions;
    const isAnother = claim && span.transitions === claim.transitions && span.holder !== claim.holder;
    if (isOlder || isAnother)
      found.push(
        `${span.holder} has ${span.transitions} of ${span.lock} after ${claim.transitions} of ${claim.holder}`,
      );
    if (!isOlder) claims.set(span.lock, span);
  }
  return found;
}
