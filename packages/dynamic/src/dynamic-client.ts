import {
  type GroupVersionResource,
  type KubernetesObject,
  type ResourceDescriptor,
  type Unstructured,
} from '@client-ts/apimachinery';
import { type Config, type ResourceClient, restClientFor } from '@client-ts/rest';

/** A resource whose scope is chosen by the call: as it is, cluster-scoped or in all namespaces; or in one namespace. */
export interface NamespaceableResource<T extends KubernetesObject, A> extends ResourceClient<T, A> {
  namespace(namespace: string): ResourceClient<T, A>;
}

/**
 * A client for any resource there is. What a descriptor describes is typed by it; of a bare GroupVersionResource nothing is
 * known, so its objects are `Unstructured`.
 */
export class DynamicClient {
  readonly #config: Config;

  constructor(config: Config) {
    this.#config = config;
  }

  resource<T extends KubernetesObject, A>(descriptor: ResourceDescriptor<T, A>): NamespaceableResource<T, A>;
  resource(resource: GroupVersionResource): NamespaceableResource<Unstructured, Unstructured>;
  resource(resource: GroupVersionResource): NamespaceableResource<Unstructured, Unstructured> {
    const client = restClientFor(this.#config);
    const { group, version, resource: plural } = resource;
    const kind = 'kind' in resource ? String(resource.kind) : '';
    const descriptor = { group, version, resource: plural, kind };
    const everywhere = client.resource<Unstructured, Unstructured>({ ...descriptor, scope: 'Cluster' });
    return Object.assign(everywhere, {
      namespace: (namespace: string) =>
        client.resource<Unstructured, Unstructured>({ ...descriptor, scope: 'Namespaced' }, namespace),
    });
  }
}
