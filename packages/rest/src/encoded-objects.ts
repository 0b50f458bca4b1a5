import type {
  Codec,
  EncodedObject,
  KubernetesObject,
  ListerWatcher,
  ResourceDescriptor,
} from '@client-ts/apimachinery';
import { collectionOf } from './collection.js';
import { encodedJson } from './encoded-json.js';
import { ListWatchClient, type ObjectsReader } from './list-watch-client.js';
import type { Sender } from './sender.js';

/**
 * Lists and watches objects that stay bytes, but for their metadata, until somebody asks for more: for caches of many objects, in
 * every representation.
 *
 * @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources.
 * @throws RequestError when a namespaced resource is given none, or a cluster-scoped one is given one.
 */
export function encodedObjects<T extends KubernetesObject, A>(
  client: Sender,
  descriptor: ResourceDescriptor<T, A>,
  namespace?: string,
): ListerWatcher<EncodedObject<T>> {
  const readerOf = (codec: ReturnType<Sender['codecOf']>): ObjectsReader<EncodedObject<T>> => {
    const encoded: Pick<Codec, keyof typeof encodedJson> = 'encodedListDecoder' in codec ? codec : encodedJson;
    return {
      listDecoder: (options) => encoded.encodedListDecoder(options),
      watchDecoder: (options) => encoded.encodedWatchDecoder(options),
    };
  };
  return new ListWatchClient(client, collectionOf(descriptor, namespace), descriptor, readerOf);
}
