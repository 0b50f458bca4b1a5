import type {
  GroupVersionKind,
  GroupVersionResource,
  RequestOptions,
  ResourceDescriptor,
  Unstructured,
} from '@client-ts/apimachinery';

/** A resource as people name it: `deployments`, `deployment`, `Deployments.apps`. What is empty is not known. */
export interface PartialResource {
  /** Plural or singular, in any case. */
  readonly resource: string;
  /** The group, or the beginning of one: `storage` is `storage.k8s.io` where there is no group of that name. */
  readonly group?: string | undefined;
  readonly version?: string | undefined;
}

/** A kind, in one version of its group or in any. */
export interface PartialKind {
  /** `""` is the core group. */
  readonly group: string;
  readonly kind: string;
  /** Only this version will do. */
  readonly version?: string | undefined;
}

/**
 * The resource of a kind. It is a descriptor: the dynamic client, informers, listers and the scale client take it as it is.
 */
export type RESTMapping = ResourceDescriptor<Unstructured, Unstructured>;

/** Cancels a wait for what a server serves. */
export type MapOptions = Pick<RequestOptions, 'signal'>;

export interface MappingOptions extends MapOptions {
  /** The first of these that has the kind will do, and no other version. Default: the version of the kind, if it has one. */
  readonly versions?: readonly string[] | undefined;
}

/**
 * From resources to kinds, and from kinds to resources. What needs one answer and finds none or several rejects with an
 * error that says so: see {@link isNoMatch} and {@link isAmbiguous}.
 */
export interface RESTMapper {
  /** The kind of a resource. */
  kindFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionKind>;
  /** All kinds that a resource may mean, best first; at least one. */
  kindsFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionKind[]>;
  /** The resource, plural, with group and version. */
  resourceFor(resource: PartialResource, options?: MapOptions): Promise<GroupVersionResource>;
  /** All resources that may be meant, best first; at least one. */
  resourcesFor(resource: PartialResource, options?: MapOptions): Promise<readonly GroupVersionResource[]>;
  /** Where objects of a kind are. */
  restMapping(kind: PartialKind, options?: MappingOptions): Promise<RESTMapping>;
  /** Where objects of a kind are, in each version that has it, best first; at least one. */
  restMappings(kind: PartialKind, options?: MappingOptions): Promise<readonly RESTMapping[]>;
  /** The singular of a resource: `pod` for `pods`. */
  resourceSingularizer(resource: string, options?: MapOptions): Promise<string>;
}

/** The versions that are wanted; none when any will do. */
export function versionsOf({ version }: PartialKind, { versions }: MappingOptions = {}): readonly string[] {
  return (versions ?? [version ?? '']).filter((wanted) => wanted !== '');
}
