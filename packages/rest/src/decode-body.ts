import type { BodyDecoder } from '@client-ts/apimachinery';
import { BodyFeeder } from './body-feeder.js';

/** All values of a body. */
export async function decodeBody<V>(body: AsyncIterable<Uint8Array>, decoder: BodyDecoder<V>): Promise<V[]> {
  const feeder = new BodyFeeder(body, decoder);
  const values: V[] = [];
  try {
    let more: boolean;
    do {
      more = await feeder.feed();
      for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
    } while (more);
    return values;
  } catch (error) {
    await feeder.leave();
    throw error;
  }
}
