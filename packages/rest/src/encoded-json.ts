import type { Codec, DecodeOptions, EncodedObject, KubernetesObject } from '@client-ts/apimachinery';
import { decodeJson } from './decode-json.js';
import { encodedEvents } from './encoded-events.js';
import { EncodedItems } from './encoded-items.js';
import { ListDecoder } from './list-decoder.js';
import { eventOrTell } from './undecodable-events.js';
import { WatchDecoder } from './watch-decoder.js';

/** What a `Codec` has for objects that stay bytes, of JSON. Apart from the rest, so that who wants whole objects does not load it. */
export const encodedJson: Pick<Codec, 'encodedListDecoder' | 'encodedWatchDecoder'> = {
  encodedListDecoder: <T extends KubernetesObject>(options: DecodeOptions): ListDecoder<EncodedObject<T>> =>
    new ListDecoder(
      { ...options, dropManagedFields: true },
      new EncodedItems<T>((text) => decodeJson(options.what, text)),
    ),
  encodedWatchDecoder: <T extends KubernetesObject>(options: DecodeOptions): WatchDecoder<EncodedObject<T>> =>
    new WatchDecoder(options.what, eventOrTell(encodedEvents<T>(options), options)),
};
