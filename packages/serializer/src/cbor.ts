import type { Codec, DecodeOptions, KubernetesObject } from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { CborReader } from './cbor/cbor-reader.js';
import { writeCbor } from './cbor/cbor-writer.js';
import { ListDecoder } from './cbor/list-decoder.js';
import { ObjectReader } from './cbor/object-reader.js';
import { WatchDecoder } from './cbor/watch-decoder.js';
import { TextReader } from './protobuf/text-reader.js';
import { readOrTell } from './read-or-tell.js';

export { CborError } from './cbor/cbor-error.js';

/**
 * CBOR (RFC 8949) as kube-apiserver speaks it (KEP-4222), for objects of any kind, custom ones too. Servers do so when the
 * feature gate `CBORServingAndStorage` is on; the others are asked for JSON instead.
 *
 * Bytes are base64 text, as in JSON. Integers of 64 bits that a number cannot hold are a `bigint`, in both directions. What servers do not write (indefinite lengths, keys that are there twice, unknown tags, objects
 * of more than 16 MiB, more than 1000 levels) is thrown as a {@link CborError}.
 */
export function cbor(): Codec {
  const texts = new TextReader();
  const around = ({ what }: DecodeOptions): CborReader => new CborReader(texts, what);
  return {
    mediaType: 'application/cbor',
    watchMediaType: 'application/cbor-seq',
    knows: () => true,
    encode: writeCbor,
    decode(bytes: Uint8Array, options: DecodeOptions): KubernetesObject {
      return refuseFailure(new ObjectReader(texts, options).object(bytes, 0, bytes.length));
    },
    listDecoder<T extends KubernetesObject>(options: DecodeOptions) {
      const objects = new ObjectReader<T>(texts, options);
      return new ListDecoder(
        options.what,
        around(options),
        readOrTell(objects.object.bind(objects), objects.metadata.bind(objects), options),
      );
    },
    watchDecoder<T extends KubernetesObject>(options: DecodeOptions) {
      const objects = new ObjectReader<T>(texts, options);
      return new WatchDecoder(
        options.what,
        around(options),
        readOrTell(objects.object.bind(objects), objects.metadata.bind(objects), options),
      );
    },
    encodedListDecoder<T extends KubernetesObject>(options: DecodeOptions) {
      const objects = new ObjectReader<T>(texts, options);
      return new ListDecoder(
        options.what,
        around(options),
        readOrTell(objects.encodedObject.bind(objects), objects.metadata.bind(objects), options),
      );
    },
    encodedWatchDecoder<T extends KubernetesObject>(options: DecodeOptions) {
      const objects = new ObjectReader<T>(texts, options);
      return new WatchDecoder(
        options.what,
        around(options),
        readOrTell(objects.encodedObject.bind(objects), objects.metadata.bind(objects), options),
      );
    },
  };
}
