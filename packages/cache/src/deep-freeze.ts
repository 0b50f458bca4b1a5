import type { DeepReadonly } from './deep-readonly.js';

/**
 * Freezes a JSON value and all that is in it, so that changing a shared object fails where it happens. Bytes stay as they are:
 * they cannot be frozen.
 */
export function deepFreeze<T>(value: T): DeepReadonly<T> {
  freeze(value);
  return value as DeepReadonly<T>;
}

function freeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return;
  Object.freeze(value);
  for (const item of Object.values(value)) freeze(item);
}
