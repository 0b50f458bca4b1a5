import type { GroupVersionKind, GroupVersionResource, Scope } from '@client-ts/apimachinery';
import { unsafeGuessKindToResource } from './guess-resource.js';
import { AmbiguousResourceError, NoKindMatchError, NoResourceMatchError } from './mapping-errors.js';
import { kindOf, onlyKind, onlyResource } from './only.js';
import {
  type MappingOptions,
  type PartialKind,
  type PartialResource,
  type RESTMapper,
  type RESTMapping,
  versionsOf,
} from './rest-mapper.js';

/** What is known of a resource: a descriptor, what discovery says, or as much of it as there is. */
export interface KnownResource extends GroupVersionKind {
  /** Plural. Default: guessed from the kind. */
  readonly resource?: string | undefined;
  /** Default: guessed from the kind. */
  readonly singular?: string | undefined;
  readonly scope: Scope;
  readonly subresources?: readonly (string | { readonly name: string })[] | undefined;
}

interface Entry {
  readonly mapping: RESTMapping;
  readonly singular: string;
}

/**
 * Maps what it is told of, in memory. What comes first is better: list versions in the order of preference.
 *
 * Kinds are found in lower case, too, where no kind is called so, as kubectl finds them.
 */
export class DefaultRESTMapper implements RESTMapper {
  /** By plural and by singular. */
  readonly #byName = new Map<string, Entry[]>();
  readonly #byKind = new Map<string, Entry[]>();

  constructor(resources: Iterable<KnownResource>) {
    const entries = Array.from(resources, entryOf);
    for (const entry of entries) {
      const { resource, kind } = entry.mapping;
      for (const name of new Set([resource, entry.singular])) add(this.#byName, name, entry);
      add(this.#byKind, kind, entry);
    }
    for (const [kind, found] of this.#byKind) {
      const lower = kind.toLowerCase();
      if (!this.#byKind.has(lower)) this.#byKind.set(lower, found);
    }
  }

  async kindFor(resource: PartialResource): Promise<GroupVersionKind> {
    return onlyKind(resource, await this.kindsFor(resource));
  }

  async kindsFor(resource: PartialResource): Promise<readonly GroupVersionKind[]> {
    return distinct(
      this.#find(resource).map(({ mapping }) => kindOf(mapping)),
      ({ kind }) => kind,
    );
  }

  async resourceFor(resource: PartialResource): Promise<GroupVersionResource> {
    return onlyResource(resource, await this.resourcesFor(resource));
  }

  async resourcesFor(partial: PartialResource): Promise<readonly GroupVersionResource[]> {
    return distinct(
      this.#find(partial).map(({ mapping: { group, version, resource } }) => ({ group, version, resource })),
      ({ resource }) => resource,
    );
  }

  /** The best of {@link restMappings}. */
  async restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping> {
    const [best] = await this.restMappings(kind, options);
    return best!;
  }

  async restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]> {
    const wanted = versionsOf(kind, options);
    const known = (this.#byKind.get(kind.kind) ?? [])
      .map(({ mapping }) => mapping)
      .filter(({ group }) => group === kind.group);
    const version = wanted.find((wish) => known.some((mapping) => mapping.version === wish));
    const found = wanted.length === 0 ? known : known.filter((mapping) => mapping.version === version);
    if (found.length === 0) throw new NoKindMatchError(kind, wanted);
    return distinct(found, (mapping) => mapping.kind);
  }

  async resourceSingularizer(resource: string): Promise<string> {
    const found = this.#find({ resource });
    const singulars = new Set(found.map(({ singular }) => singular));
    const [singular] = singulars;
    if (singular === undefined || singulars.size > 1) {
      throw new AmbiguousResourceError({ resource }, { resources: found.map(({ mapping }) => mapping) });
    }
    return singular;
  }

  #find(partial: PartialResource): readonly Entry[] {
    const { resource, group = '', version = '' } = partial;
    const named = this.#byName.get(resource.toLowerCase()) ?? [];
    const versioned = version === '' ? named : named.filter(({ mapping }) => mapping.version === version);
    const exact = group === '' ? versioned : versioned.filter(({ mapping }) => mapping.group === group);
    const isComplete = group === '' || version !== '' || exact.length > 0;
    const found = isComplete ? exact : named.filter(({ mapping }) => mapping.group.startsWith(group));
    if (found.length === 0) throw new NoResourceMatchError(partial);
    return found;
  }
}

function entryOf({ group, version, kind, scope, subresources, ...names }: KnownResource): Entry {
  const guess = unsafeGuessKindToResource(kind);
  const mapping = { group, version, resource: names.resource || guess.plural, kind, scope };
  return {
    mapping: subresources ? { ...mapping, subresources: subresources.map(nameOf) } : mapping,
    singular: names.singular || guess.singular,
  };
}

function nameOf(subresource: string | { readonly name: string }): string {
  return typeof subresource === 'string' ? subresource : subresource.name;
}

function add(index: Map<string, Entry[]>, key: string, entry: Entry): void {
  const entries = index.get(key);
  if (entries) entries.push(entry);
  else index.set(key, [entry]);
}

/** The first of those with the same group, version and name. */
function distinct<T extends { readonly group: string; readonly version: string }>(
  found: readonly T[],
  partOf: (item: T) => string,
): T[] {
  const seen = new Map<string, T>();
  for (const item of found) {
    const key = `${item.group}/${item.version}/${partOf(item)}`;
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}
