import { type Codec, type DecodeOptions, formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import { refuseFailure } from '@client-ts/apimachinery/errors';
import { decodeJson, expectObject } from './decode-json.js';
import { ListDecoder } from './list-decoder.js';
import { WatchDecoder } from './watch-decoder.js';

export const JsonMediaType = 'application/json';

/** The part of a codec that reads whole objects. */
export type ObjectReader = Pick<Codec, 'decode' | 'listDecoder' | 'watchDecoder'>;

/** Reads what every server speaks, about objects of any kind. */
export const jsonCodec: ObjectReader = {
  decode(bytes: Uint8Array, { what, type }: DecodeOptions): KubernetesObject {
    const text = new TextDecoder().decode(bytes);
    const value = text === '' ? undefined : refuseFailure(decodeJson(what, text));
    const object: KubernetesObject = expectObject(what, value);
    object.apiVersion ??= formatGroupVersion(type);
    object.kind ??= type.kind;
    return object;
  },
  listDecoder: (options) => new ListDecoder(options),
  watchDecoder: (options) => new WatchDecoder(options),
};
