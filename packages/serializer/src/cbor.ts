import type { Codec, DecodeOptions, EncodedObject, KubernetesObject } from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { CborReader } from './cbor/cbor-reader.js';
import { writeCbor } from './cbor/cbor-writer.js';
import { ListDecoder } from './cbor/list-decoder.js';
import { ObjectReader } from './cbor/object-reader.js';
import { WatchDecoder } from './cbor/watch-decoder.js';
import { TextReader } from './text-reader.js';
import { type ReadOrTell, readOrTell } from './read-or-tell.js';

export { CborError } from './cbor/cbor-error.js';

/**
 * CBOR (RFC 8949) as kube-apiserver speaks it (KEP-4222), for objects of any kind, custom ones too. Servers do so when the
 * feature gate `CBORServingAndStorage` is on; the others are asked for JSON instead.
 *
 * Bytes are base64 text, as in JSON. Integers of 64 bits that a number cannot hold are a `bigint`, in both directions. What
 * servers do not write (indefinite lengths, keys that are there twice, unknown tags, objects of more than 16 MiB, more than 1000
 * levels) is thrown as a {@link CborError}.
 */
export function cbor(): Codec {
  const texts = new TextReader();
  const whole = <T extends KubernetesObject>(options: DecodeOptions): ReadOrTell<T> => {
    const objects = new ObjectReader<T>(texts, options);
    return readOrTell(objects.object.bind(objects), objects.metadata.bind(objects), options);
  };
  const encoded = <T extends KubernetesObject>(options: DecodeOptions): ReadOrTell<EncodedObject<T>> => {
    const objects = new ObjectReader<T>(texts, options);
    return readOrTell(objects.encodedObject.bind(objects), objects.metadata.bind(objects), options);
  };
  const list = <V>({ what }: DecodeOptions, read: ReadOrTell<V>): ListDecoder<V> =>
    new ListDecoder(what, new CborReader(texts, what), read);
  const watch = <V extends KubernetesObject>({ what }: DecodeOptions, read: ReadOrTell<V>): WatchDecoder<V> =>
    new WatchDecoder(what, new CborReader(texts, what), read);
  return {
    mediaType: 'application/cbor',
    watchMediaType: 'application/cbor-seq',
    knows: () => true,
    encode: writeCbor,
    decode(bytes: Uint8Array, options: DecodeOptions): KubernetesObject {
      return refuseFailure(new ObjectReader(texts, options).object(bytes, 0, bytes.length));
    },
    listDecoder: <T extends KubernetesObject>(options: DecodeOptions) => list(options, whole<T>(options)),
    watchDecoder: <T extends KubernetesObject>(options: DecodeOptions) => watch(options, whole<T>(options)),
    encodedListDecoder: <T extends KubernetesObject>(options: DecodeOptions) => list(options, encoded<T>(options)),
    encodedWatchDecoder: <T extends KubernetesObject>(options: DecodeOptions) => watch(options, encoded<T>(options)),
  };
}
