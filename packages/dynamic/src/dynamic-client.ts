import type {
  GroupVersionResource,
  KubernetesObject,
  ResourceDescriptor,
  Scope,
  Unstructured,
} from '@client-ts/apimachinery';
import { type Config, type ResourceInterface, restClientFor, type StatusInterface } from '@client-ts/rest';

/** The verbs of one resource, in one namespace or beside all of them. */
export interface DynamicResource<T extends KubernetesObject, A>
  extends ResourceInterface<T, A>, StatusInterface<T, A> {}

/**
 * The verbs without a namespace in the path: right for cluster-scoped resources, and to list and watch all namespaces of
 * others.
 */
export interface NamespaceableResource<T extends KubernetesObject, A> extends DynamicResource<T, A> {
  /**
   * The verbs in one namespace; `NamespaceAll` for all.
   *
   * @throws RequestError when the descriptor says that the resource is cluster-scoped.
   */
  namespace(namespace: string): DynamicResource<T, A>;
}

/**
 * A client for any resource there is. What a descriptor describes is typed by it; of a bare GroupVersionResource nothing is
 * known, so its objects are `Unstructured`, and its scope is what the call says.
 */
export class DynamicClient {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  resource<T extends KubernetesObject, A>(descriptor: ResourceDescriptor<T, A>): NamespaceableResource<T, A>;
  resource(resource: GroupVersionResource): NamespaceableResource<Unstructured, Unstructured>;
  resource(
    resource: GroupVersionResource & { readonly kind?: string; readonly scope?: Scope },
  ): NamespaceableResource<Unstructured, Unstructured> {
    const client = restClientFor(this.#config);
    const { group, version, kind = '', scope = 'Namespaced' } = resource;
    const descriptor = { group, version, resource: resource.resource, kind };
    const everywhere = client.resource<Unstructured, Unstructured>({ ...descriptor, scope: 'Cluster' });
    return Object.assign(everywhere, {
      namespace: (namespace: string) =>
        client.resource<Unstructured, Unstructured>({ ...descriptor, scope }, namespace),
    });
  }
}
