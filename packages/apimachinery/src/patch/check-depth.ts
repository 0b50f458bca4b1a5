import { PatchError } from './patch-error.js';

/** Deeper values, which no API has, would exhaust the stack. */
const MaxDepth = 1000;

/** @throws PatchError when a patch is nested too deep. */
export function checkDepth(patch: unknown): void {
  let level = [patch];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MaxDepth) throw new PatchError(`a patch may be nested ${MaxDepth} levels deep at the most`);
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  }
}
