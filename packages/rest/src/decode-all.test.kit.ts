import type { BodyDecoder } from '@client-ts/apimachinery';

/** The values of a whole body. */
export function decodeAll<V>(decoder: BodyDecoder<V>, chunks: readonly Uint8Array[]): V[] {
  const values: V[] = [];
  const takeAll = (): void => {
    for (let value = decoder.next(); value !== undefined; value = decoder.next()) values.push(value);
  };
  for (const chunk of chunks) {
    decoder.feed(chunk);
    takeAll();
  }
  decoder.end();
  takeAll();
  return values;
}
