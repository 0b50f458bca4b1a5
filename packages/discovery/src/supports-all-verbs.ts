import type { ApiResource } from './api-resource.js';

/** A condition for `filter`: resources that have all of the verbs, such as `list` and `watch`. */
export function supportsAllVerbs(...verbs: readonly string[]): (resource: Pick<ApiResource, 'verbs'>) => boolean {
  return (resource) => verbs.every((verb) => resource.verbs.includes(verb));
}
