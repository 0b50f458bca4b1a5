import type { GroupVersionKind, GroupVersionResource } from '@client-ts/apimachinery';
import { NoKindMatchError, NoResourceMatchError } from './mapping-errors.js';
import { firstHit, MultiRESTMapper } from './multi-rest-mapper.js';
import {
  type MapOptions,
  type MappingOptions,
  type PartialKind,
  type PartialResource,
  type RESTMapper,
  type RESTMapping,
  versionsOf,
} from './rest-mapper.js';

/**
 * The answer of the first mapper that has one, whatever those before it failed with. Questions for all answers are asked of
 * all, as {@link MultiRESTMapper} does.
 */
export class FirstHitRESTMapper implements RESTMapper {
  readonly #mappers: readonly RESTMapper[];
  readonly #all: MultiRESTMapper;

  constructor(mappers: readonly RESTMapper[]) {
    this.#mappers = mappers;
    this.#all = new MultiRESTMapper(mappers);
  }

  kindFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionKind> {
    const none = (): Error => new NoResourceMatchError(resource);
    return firstHit(this.#mappers, (mapper) => mapper.kindFor(resource, options), none);
  }

  kindsFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionKind[]> {
    return this.#all.kindsFor(resource, options);
  }

  resourceFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionResource> {
    const none = (): Error => new NoResourceMatchError(resource);
    return firstHit(this.#mappers, (mapper) => mapper.resourceFor(resource, options), none);
  }

  resourcesFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionResource[]> {
    return this.#all.resourcesFor(resource, options);
  }

  restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping> {
    const none = (): Error => new NoKindMatchError(kind, versionsOf(kind, options));
    return firstHit(this.#mappers, (mapper) => mapper.restMapping(kind, options), none);
  }

  restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]> {
    return this.#all.restMappings(kind, options);
  }

  resourceSingularizer(resource: string, options?: MapOptions): Promise<string> {
    return this.#all.resourceSingularizer(resource, options);
  }
}
