import { ClaimOrder } from './claim-order.js';
import type { Span } from './worker-process.js';

/** Work on one object that goes on while somebody else works on it, or in the name of a claim that is older than the last. None is what is right. */
export function overlaps(spans: readonly Span[]): string[] {
  const found: string[] = [];
  const last = new Map<string, Span>();
  const claims = new ClaimOrder();
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const before = last.get(span.uid);
    if (before && before.to > span.from && before.holder !== span.holder)
      found.push(`${span.holder} works on ${span.uid} beside ${before.holder}`);
    if (!before || span.to > before.to) last.set(span.uid, span);
    const wrong = claims.see(span);
    if (wrong !== undefined) found.push(wrong);
  }
  return found;
}
