import type { BodyDecoder } from '@client-ts/apimachinery';
import { feed } from './event-loop.js';

/** All values of a body. The event loop gets its turns, however the body arrives. */
export async function decodeBody<V>(body: AsyncIterable<Uint8Array>, decoder: BodyDecoder<V>): Promise<V[]> {
  const values: V[] = [];
  for await (const _ of feed(decoder, body)) {
    for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  }
  return values;
}
