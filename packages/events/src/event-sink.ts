import type { KubernetesObject, Patch, RequestOptions, ResourceDescriptor } from '@client-ts/apimachinery';
import type { ResourceInterface, RestClient } from '@client-ts/rest';

/** Where events are written to. Fails as a client does: with a `StatusError` where a server refuses, and is not asked again then. */
export interface EventSink<E extends KubernetesObject> {
  /** Must respect the namespace of the event. */
  create(event: E, options: RequestOptions): Promise<E>;
  /** @param event - as the patch makes it of the one with its name. */
  patch(event: E, patch: Patch, options: RequestOptions): Promise<E>;
}

/** A cluster, by the client that is used for nothing else. */
export function clusterSink<E extends KubernetesObject>(
  client: RestClient,
  descriptor: ResourceDescriptor<E>,
): EventSink<E> {
  const events = (event: E): ResourceInterface<E, unknown> =>
    client.resource(descriptor, event.metadata?.namespace ?? '');
  return {
    create: (event, options) => events(event).create(event, options),
    patch: (event, patch, options) => events(event).patch(event.metadata?.name ?? '', patch, options),
  };
}
