import type { GroupVersionResource, ResourceDescriptor, Scope } from '@client-ts/apimachinery';
import { type Config, metadataOnly, restClientFor } from '@client-ts/rest';
import type { MetadataResource } from './metadata-resource.js';
import { withoutTheRest } from './without-the-rest.js';

/**
 * The verbs without a namespace in the path: right for cluster-scoped resources, and to list and watch all namespaces of
 * others.
 */
export interface NamespaceableMetadataResource extends MetadataResource {
  /**
   * The verbs in one namespace; `NamespaceAll` for all.
   *
   * @throws RequestError when a descriptor says that the resource is cluster-scoped.
   */
  namespace(namespace: string): MetadataResource;
}

/**
 * A client for the metadata of any resource there is: names, labels, annotations, owners. The server sends nothing else; of one
 * that sends whole objects all the same, as aggregated ones may, the rest is dropped.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export class MetadataClient {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  /** @param resource - a descriptor, or what there is of one. */
  resource(
    resource: GroupVersionResource & { readonly kind?: string; readonly scope?: Scope },
  ): NamespaceableMetadataResource {
    const client = restClientFor(this.#config);
    const { group, version, kind = '', scope = 'Namespaced' } = resource;
    const verbs = (scope: Scope, namespace?: string): MetadataResource => {
      const descriptor: ResourceDescriptor = { group, version, resource: resource.resource, kind, scope };
      return withoutTheRest(metadataOnly(client, descriptor, namespace));
    };
    return { ...verbs('Cluster'), namespace: (namespace) => verbs(scope, namespace) };
  }
}
