import type { GroupVersionKind, GroupVersionResource } from '@client-ts/apimachinery';
import { AmbiguousKindError, AmbiguousResourceError } from './mapping-errors.js';
import type { PartialKind, PartialResource, RESTMapping } from './rest-mapper.js';

/** @throws AmbiguousResourceError when there are several. */
export function onlyResource(
  partial: PartialResource,
  resources: readonly GroupVersionResource[],
): GroupVersionResource {
  return only(resources) ?? fail(new AmbiguousResourceError(partial, { resources }));
}

/** @throws AmbiguousResourceError when there are several. */
export function onlyKind(partial: PartialResource, kinds: readonly GroupVersionKind[]): GroupVersionKind {
  return only(kinds) ?? fail(new AmbiguousResourceError(partial, { kinds }));
}

/** @throws AmbiguousKindError when there are several. */
export function onlyMapping(partial: PartialKind, mappings: readonly RESTMapping[]): RESTMapping {
  return only(mappings) ?? fail(new AmbiguousKindError(partial, mappings.map(kindOf)));
}

export function kindOf({ group, version, kind }: GroupVersionKind): GroupVersionKind {
  return { group, version, kind };
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}

function fail(error: Error): never {
  throw error;
}
