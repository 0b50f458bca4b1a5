import type { EncodedObject, KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import {
  type CacheError,
  compactObject,
  DeltaFIFO,
  newCompactIndexer,
  RealFIFO,
  SharedIndexInformer,
} from '@client-ts/cache';
import type { NewQueue } from '@client-ts/informers';
import { encodedObjects, type RestClient } from '@client-ts/rest';

/** The queues that an informer can run on. */
export const queues = {
  RealFIFO: (options) => new RealFIFO(options),
  DeltaFIFO: (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects }),
} as const satisfies Record<string, NewQueue>;

export type QueueName = keyof typeof queues;

/** What an informer keeps of objects: all of them, or the bytes that came. */
export type SceneForm = 'whole' | 'compact';

/** How an informer is made, apart from what it is told of. */
export interface SceneInformerOptions {
  /** Default: `whole`. */
  readonly form?: SceneForm | undefined;
  /** Default: `RealFIFO`. */
  readonly queue?: QueueName | undefined;
  /** Default: as informers. */
  readonly watchList?: boolean | undefined;
}

/** An informer whose objects cannot be changed, in the time of its client. */
export function sceneInformer(
  client: RestClient,
  resource: ResourceDescriptor,
  namespace: string,
  { form = 'whole', queue = 'RealFIFO', watchList }: SceneInformerOptions,
  onError: (error: CacheError) => void,
): SharedIndexInformer<KubernetesObject> {
  const options = {
    name: resource.resource,
    clock: client.clock,
    watchList,
    freeze: true,
    onError,
    newQueue: queues[queue] satisfies NewQueue,
  };
  if (form === 'whole') return new SharedIndexInformer(client.resource(resource, namespace), options);
  return new SharedIndexInformer<KubernetesObject, never, EncodedObject>(encodedObjects(client, resource, namespace), {
    ...options,
    project: compactObject,
    indexer: newCompactIndexer,
  });
}
