import type { GroupVersionKind, GroupVersionResource } from '@client-ts/apimachinery';
import { isNoMatch, NoKindMatchError, NoResourceMatchError } from './mapping-errors.js';
import { onlyKind, onlyMapping, onlyResource } from './only.js';
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
 * What any of several mappers knows, in their order. That one of them finds nothing does not matter while another one finds
 * something; that one fails does.
 */
export class MultiRESTMapper implements RESTMapper {
  readonly #mappers: readonly RESTMapper[];

  constructor(mappers: readonly RESTMapper[]) {
    this.#mappers = mappers;
  }

  async kindFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionKind> {
    return onlyKind(resource, await this.kindsFor(resource, options));
  }

  async kindsFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionKind[]> {
    const found = await this.#all((mapper) => mapper.kindsFor(resource, options));
    if (found.length === 0) throw new NoResourceMatchError(resource);
    return distinct(found);
  }

  async resourceFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionResource> {
    return onlyResource(resource, await this.resourcesFor(resource, options));
  }

  async resourcesFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionResource[]> {
    const found = await this.#all((mapper) => mapper.resourcesFor(resource, options));
    if (found.length === 0) throw new NoResourceMatchError(resource);
    return distinct(found);
  }

  /** Of each mapper the best; that some fail does not matter, either, when exactly one finds something. */
  async restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping> {
    const failures: unknown[] = [];
    const found = await this.#all(async (mapper) => {
      try {
        return [await mapper.restMapping(kind, options)];
      } catch (error) {
        if (!isNoMatch(error)) failures.push(error);
        return [];
      }
    });
    if (found.length > 0) return onlyMapping(kind, found);
    throw oneOf(failures) ?? new NoKindMatchError(kind, versionsOf(kind, options));
  }

  async restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]> {
    const found = await this.#all((mapper) => mapper.restMappings(kind, options));
    if (found.length === 0) throw new NoKindMatchError(kind, versionsOf(kind, options));
    return found;
  }

  /** That of the first mapper that knows one. */
  resourceSingularizer(resource: string, options?: MapOptions): Promise<string> {
    const ask = (mapper: RESTMapper): Promise<string> => mapper.resourceSingularizer(resource, options);
    return firstHit(this.#mappers, ask, () => new NoResourceMatchError({ resource }));
  }

  /** One after the other: a mapper that is slow may be the last one, for what others do not know. */
  async #all<T>(ask: (mapper: RESTMapper) => Promise<readonly T[]>): Promise<T[]> {
    const found: T[] = [];
    for (const mapper of this.#mappers) {
      try {
        found.push(...(await ask(mapper)));
      } catch (error) {
        if (!isNoMatch(error)) throw error;
      }
    }
    return found;
  }
}

/**
 * The first answer that there is. Where there is none, the failures of those who might have had one; `none()` if all of them know
 * that they have not.
 */
export async function firstHit<T>(
  mappers: readonly RESTMapper[],
  ask: (mapper: RESTMapper) => Promise<T>,
  none: () => Error,
): Promise<T> {
  const failures: unknown[] = [];
  for (const mapper of mappers) {
    try {
      return await ask(mapper);
    } catch (error) {
      if (!isNoMatch(error)) failures.push(error);
    }
  }
  throw oneOf(failures) ?? none();
}

function oneOf(failures: readonly unknown[]): unknown {
  return failures.length > 1 ? new AggregateError(failures, failures.map(String).join('; ')) : failures[0];
}

function distinct<T extends GroupVersionKind | GroupVersionResource>(found: readonly T[]): T[] {
  return [...new Map(found.map((item) => [JSON.stringify(Object.values(item)), item])).values()];
}
