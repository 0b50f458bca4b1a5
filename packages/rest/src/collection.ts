import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import { RequestError, type ResourceTarget } from './request.js';

/**
 * Where the objects of a resource are: in one namespace, in all (`NamespaceAll`), or beside them.
 *
 * @throws RequestError when a namespaced resource is given none, or a cluster-scoped one is given one.
 */
export function collectionOf<T extends KubernetesObject, A>(
  { group, version, resource, scope }: ResourceDescriptor<T, A>,
  namespace: string | undefined,
): ResourceTarget {
  if (scope === 'Cluster') {
    if (namespace) throw new RequestError(`${resource} are not namespaced, got namespace ${JSON.stringify(namespace)}`);
    return { group, version, resource };
  }
  if (namespace === undefined)
    throw new RequestError(`${resource} are namespaced: a namespace, or NamespaceAll, is needed`);
  return { group, version, resource, namespace };
}
