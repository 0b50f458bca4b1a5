import type { DeepMutable } from './deep-readonly.js';

/** A copy of a cached object that is yours to change, such as to update it at the server. */
export function mutableCopy<T>(object: T): DeepMutable<T> {
  return structuredClone(object) as DeepMutable<T>;
}
