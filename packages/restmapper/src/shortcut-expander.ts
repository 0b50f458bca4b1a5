import { formatGroupResource, type GroupVersionKind, type GroupVersionResource } from '@client-ts/apimachinery';
import type { ApiResource } from '@client-ts/discovery';
import { isNoMatch } from './mapping-errors.js';
import { discover, type ResourceDiscovery } from './resource-discovery.js';
import type {
  MapOptions,
  MappingOptions,
  PartialKind,
  PartialResource,
  RESTMapper,
  RESTMapping,
} from './rest-mapper.js';

export interface ShortcutExpanderOptions {
  /** Told, each time, of resources that a short name might have meant, too. */
  readonly onWarning?: ((text: string) => void) | undefined;
}

/**
 * A mapper that takes short names of resources, too: `po`, `deploy`, `sts.apps`.
 *
 * A name that is the plural or singular of a resource is never taken for a short name. Of several resources with a short name,
 * the first in the order of the server is meant. A group may be the beginning of one.
 */
export class ShortcutExpander implements RESTMapper {
  readonly #delegate: RESTMapper;
  readonly #discovery: ResourceDiscovery;
  readonly #onWarning: ((text: string) => void) | undefined;

  /** @param discovery - is asked at every question: one that remembers, such as a `DeferredDiscoveryRESTMapper`. */
  constructor(delegate: RESTMapper, discovery: ResourceDiscovery, { onWarning }: ShortcutExpanderOptions = {}) {
    this.#delegate = delegate;
    this.#discovery = discovery;
    this.#onWarning = onWarning;
  }

  kindFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionKind> {
    return this.#ask(resource, options, (expanded) => this.#delegate.kindFor(expanded, options));
  }

  kindsFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionKind[]> {
    return this.#ask(resource, options, (expanded) => this.#delegate.kindsFor(expanded, options));
  }

  resourceFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionResource> {
    return this.#ask(resource, options, (expanded) => this.#delegate.resourceFor(expanded, options));
  }

  resourcesFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionResource[]> {
    return this.#ask(resource, options, (expanded) => this.#delegate.resourcesFor(expanded, options));
  }

  restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping> {
    return this.#delegate.restMapping(kind, options);
  }

  restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]> {
    return this.#delegate.restMappings(kind, options);
  }

  resourceSingularizer(resource: string, options?: MapOptions): Promise<string> {
    return this.#ask({ resource }, options, (expanded) =>
      this.#delegate.resourceSingularizer(expanded.resource, options),
    );
  }

  /** The mapper may have looked again, and short names be known now that were not before. */
  async #ask<T>(
    resource: PartialResource,
    options: MapOptions | undefined,
    question: (expanded: PartialResource) => Promise<T>,
  ): Promise<T> {
    const expanded = await this.#expand(resource, options);
    try {
      return await question(expanded);
    } catch (error) {
      if (!isNoMatch(error)) throw error;
      const again = await this.#expand(resource, options);
      if (again.resource === expanded.resource && again.group === expanded.group) throw error;
      return question(again);
    }
  }

  async #expand(asked: PartialResource, options: MapOptions | undefined): Promise<PartialResource> {
    const { found } = await discover(this.#discovery, options);
    const name = asked.resource.toLowerCase();
    const { group = '' } = asked;
    const inGroup = group === '' ? found.resources : found.resources.filter((known) => known.group === group);
    if (inGroup.some(({ resource, singular }) => resource === name || singular === name)) return asked;
    const [first, ...others] = meantBy(name, inGroup);
    if (first) {
      for (const other of others) {
        const place = formatGroupResource(other);
        this.#onWarning?.(`short name ${JSON.stringify(name)} could also match lower priority resource ${place}`);
      }
      return { group: first.group, resource: first.resource };
    }
    const inGroups = group === '' ? [] : found.resources.filter((known) => known.group.startsWith(group));
    const [nearest] = meantBy(name, inGroups);
    return nearest ? { ...asked, group: nearest.group, resource: nearest.resource } : asked;
  }
}

/** The resources with a short name, each once whatever its versions. */
function meantBy(shortName: string, resources: readonly ApiResource[]): ApiResource[] {
  const meant = new Map<string, ApiResource>();
  for (const resource of resources) {
    const key = formatGroupResource(resource);
    if (resource.shortNames.includes(shortName) && !meant.has(key)) meant.set(key, resource);
  }
  return [...meant.values()];
}
