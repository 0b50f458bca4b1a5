import type { GroupVersion, ResourceDescriptor, Scope } from '@client-ts/apimachinery';

/** A subresource as the server serves it and discovery lists it. */
export interface ServedSubresource {
  /** `status`, `scale`, … */
  readonly name: string;
  readonly kind: string;
  /** Group and version of the kind where they are not the resource's own. */
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly verbs: readonly string[];
}

/** A column of `kubectl get`, as a CRD declares it. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: string;
  readonly jsonPath: string;
  readonly format?: string | undefined;
  readonly description?: string | undefined;
  readonly priority?: number | undefined;
}

/** What a CustomResourceDefinition says about one of its versions. */
export interface CustomResourceFacts {
  /** `spec.versions[].schema.openAPIV3Schema`, as the CRD has it; hostile text. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** `spec.preserveUnknownFields`. */
  readonly preserveUnknownFields: boolean;
  readonly printerColumns: readonly PrinterColumn[];
  /** `spec.versions[].selectableFields`, without the leading dot: `spec.color`. */
  readonly selectableFields: readonly string[];
  /** JSON paths of the scale subresource, where it is declared. */
  readonly scale?:
    | {
        readonly specReplicasPath: string;
        readonly statusReplicasPath: string;
        readonly labelSelectorPath?: string | undefined;
      }
    | undefined;
  /** A warning to send with each answer of a deprecated version. */
  readonly deprecationWarning?: string | undefined;
  /** The version in which objects are stored. */
  readonly storageVersion: string;
}

/** A resource that the server serves now, in one version of its group. */
export interface ServedResource extends ResourceDescriptor {
  readonly scope: Scope;
  readonly singular: string;
  readonly listKind: string;
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly served: readonly ServedSubresource[];
  /** Name of the type in `@client-ts/api/schema`; absent for custom resources. */
  readonly type?: string | undefined;
  /** Present for custom resources. */
  readonly custom?: CustomResourceFacts | undefined;
}

/**
 * What is served now: the built-in resources, and those of the CustomResourceDefinitions on the server.
 *
 * Order is kept: group versions as they were added, resources of one group version by name.
 */
export class ResourceRegistry {
  readonly #groupVersions = new Map<string, Map<string, ServedResource>>();
  /** Grows with each change, so that documents made from the registry can be cached. */
  #generation = 0;

  get generation(): number {
    return this.#generation;
  }

  /** Adds resources, in place of those of the same group, version and name. */
  add(resources: Iterable<ServedResource>): void {
    for (const resource of resources) {
      const key = keyOf(resource);
      const served = this.#groupVersions.get(key) ?? new Map<string, ServedResource>();
      served.set(resource.resource, resource);
      this.#groupVersions.set(key, served);
    }
    this.#generation++;
  }

  /** Stops serving resources; a group version without any is no longer listed. */
  remove(resources: Iterable<Pick<ServedResource, 'group' | 'version' | 'resource'>>): void {
    for (const resource of resources) {
      const key = keyOf(resource);
      const served = this.#groupVersions.get(key);
      served?.delete(resource.resource);
      if (served?.size === 0) this.#groupVersions.delete(key);
    }
    this.#generation++;
  }

  groupVersions(): readonly GroupVersion[] {
    return [...this.#groupVersions.keys()].map((key) => {
      const slash = key.indexOf('/');
      return { group: key.slice(0, slash), version: key.slice(slash + 1) };
    });
  }

  resources(groupVersion: GroupVersion): readonly ServedResource[] {
    const served = this.#groupVersions.get(keyOf(groupVersion));
    return served ? [...served.values()].toSorted((a, b) => (a.resource < b.resource ? -1 : 1)) : [];
  }

  find(groupVersion: GroupVersion, resource: string): ServedResource | undefined {
    return this.#groupVersions.get(keyOf(groupVersion))?.get(resource);
  }

  /** Whether the group has resources that do not come from a CustomResourceDefinition. */
  hasBuiltIn(group: string): boolean {
    return this.groupVersions().some(
      (served) => served.group === group && this.resources(served).some(({ custom }) => !custom),
    );
  }

  /** Whether any resource of this group version is served. */
  has(groupVersion: GroupVersion): boolean {
    return this.#groupVersions.has(keyOf(groupVersion));
  }
}

function keyOf({ group, version }: GroupVersion): string {
  return `${group}/${version}`;
}
