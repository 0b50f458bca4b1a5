import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import type { ResourceClient, RestClient } from '@client-ts/rest';

/**
 * The client of a resource as seen through a subresource that holds objects of another kind, such as `scale`. Each call
 * must name the subresource, and each object its `apiVersion`.
 */
export function subresourceClient<T extends KubernetesObject, A = never>(
  client: RestClient,
  { group, version, resource, scope }: Omit<ResourceDescriptor, '$types'>,
  kind: string,
  namespace: string,
): ResourceClient<T, A> {
  return client.resource<T, A>({ group, version, resource, scope, kind }, namespace);
}
