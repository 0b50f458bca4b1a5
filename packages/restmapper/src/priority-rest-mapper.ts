import type { GroupVersion, GroupVersionKind, GroupVersionResource } from '@client-ts/apimachinery';
import { AmbiguousKindError, AmbiguousResourceError } from './mapping-errors.js';
import { kindOf } from './only.js';
import {
  type MapOptions,
  type MappingOptions,
  type PartialKind,
  type PartialResource,
  type RESTMapper,
  type RESTMapping,
  versionsOf,
} from './rest-mapper.js';

/** What is preferred, by any part that it names; a part that is left out is any. */
export interface ResourcePriority extends Partial<GroupVersion> {
  readonly resource?: string | undefined;
}

/** What is preferred, by any part that it names; a part that is left out is any. */
export interface KindPriority extends Partial<GroupVersion> {
  readonly kind?: string | undefined;
}

export interface Priorities {
  readonly resources: readonly ResourcePriority[];
  readonly kinds: readonly KindPriority[];
}

/**
 * Chooses from what another mapper finds: one pattern after the other leaves what matches it, if anything does, until one is
 * left. When several are left in the end, that is ambiguous.
 *
 * Questions for all answers are passed on: their order is the other mapper's.
 */
export class PriorityRESTMapper implements RESTMapper {
  readonly #delegate: RESTMapper;
  readonly #priorities: Priorities;

  constructor(delegate: RESTMapper, priorities: Priorities) {
    this.#delegate = delegate;
    this.#priorities = priorities;
  }

  async kindFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionKind> {
    const kinds = await this.#delegate.kindsFor(resource, options);
    const chosen = choose(kinds, this.#priorities.kinds);
    if (!chosen) throw new AmbiguousResourceError(resource, { kinds });
    return chosen;
  }

  kindsFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionKind[]> {
    return this.#delegate.kindsFor(resource, options);
  }

  async resourceFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionResource> {
    const resources = await this.#delegate.resourcesFor(resource, options);
    const chosen = choose(resources, this.#priorities.resources);
    if (!chosen) throw new AmbiguousResourceError(resource, { resources });
    return chosen;
  }

  resourcesFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionResource[]> {
    return this.#delegate.resourcesFor(resource, options);
  }

  /** Versions that are asked for come before all patterns, in their order. */
  async restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping> {
    const mappings = await this.#delegate.restMappings(kind, options);
    const asked = versionsOf(kind, options).map((version) => ({ group: kind.group, version }));
    const chosen = choose(mappings, [...asked, ...this.#priorities.kinds]);
    if (!chosen) throw new AmbiguousKindError(kind, mappings.map(kindOf));
    return chosen;
  }

  restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]> {
    return this.#delegate.restMappings(kind, options);
  }

  resourceSingularizer(resource: string, options?: MapOptions): Promise<string> {
    return this.#delegate.resourceSingularizer(resource, options);
  }
}

/** The one that is left; `undefined` when there are more. */
function choose<T extends GroupVersion & ResourcePriority & KindPriority>(
  found: readonly T[],
  patterns: readonly (ResourcePriority & KindPriority)[],
): T | undefined {
  let left = found;
  for (const pattern of patterns) {
    if (left.length === 1) break;
    const matching = left.filter((item) => matches(pattern, item));
    if (matching.length > 0) left = matching;
  }
  return left.length === 1 ? left[0] : undefined;
}

function matches(pattern: ResourcePriority & KindPriority, item: ResourcePriority & KindPriority): boolean {
  const parts = ['group', 'version', 'resource', 'kind'] as const;
  return parts.every((part) => pattern[part] === undefined || pattern[part] === item[part]);
}
