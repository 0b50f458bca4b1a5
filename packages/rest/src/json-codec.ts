import { type Codec, type DecodeOptions, formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { decodeJson, expectObject } from './decode-json.js';
import { ListDecoder } from './list-decoder.js';
import { parsedEvents } from './parsed-events.js';
import { ParsedItems } from './parsed-items.js';
import { eventOrTell } from './undecodable-events.js';
import { WatchDecoder } from './watch-decoder.js';

const utf8 = /* @__PURE__ */ new TextDecoder();

/** The part of a codec that reads whole objects. */
export type ObjectReader = Pick<Codec, 'decode' | 'listDecoder' | 'watchDecoder'>;

/** Reads what every server speaks, about objects of any kind. */
export const jsonCodec: ObjectReader = {
  decode(bytes: Uint8Array, { what, type }: DecodeOptions): KubernetesObject {
    const text = utf8.decode(bytes);
    const value = text === '' ? undefined : refuseFailure(decodeJson(what, text));
    const object: KubernetesObject = expectObject(what, value);
    object.apiVersion ??= formatGroupVersion(type);
    object.kind ??= type.kind;
    return object;
  },
  listDecoder: <T extends KubernetesObject>(options: DecodeOptions) =>
    new ListDecoder(options, new ParsedItems<T>(options)),
  watchDecoder: (options) => new WatchDecoder(options.what, eventOrTell(parsedEvents(options), options)),
};
