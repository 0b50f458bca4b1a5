import type { KubernetesObject, PartialObjectMetadata, ResourceDescriptor } from '@client-ts/apimachinery';
import { metadataOf, metadataOnly } from '@client-ts/rest';
import type { InformerForm } from './informer-form.js';

/**
 * The metadata of a resource's objects, without the rest: `factory.informer(metadata(pods))`. For those who look at names,
 * labels, annotations and owners, it takes a tenth of the memory, and the server sends no more than that. Of a server that
 * knows only whole objects, the rest is dropped.
 *
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#metadata-only-fetches
 */
export function metadata<T extends KubernetesObject, A>(
  descriptor: ResourceDescriptor<T, A>,
): InformerForm<PartialObjectMetadata> {
  return {
    descriptor,
    name: 'metadata',
    source: (client, namespace) => metadataOnly(client, descriptor, namespace),
    project: metadataOf,
  };
}
