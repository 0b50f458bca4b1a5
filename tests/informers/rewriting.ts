import type { KubernetesObject } from '@client-ts/apimachinery';
import type { Transport } from '@client-ts/rest';
import { type Encoding, encodings } from './encodings.js';
import { purposeOf } from './purpose.js';

export interface Rewriting {
  /** Changes each object that is answered. Default: not at all. */
  readonly change?: ((object: KubernetesObject) => void) | undefined;
  /** How answers are written. Default: JSON. */
  readonly encoding?: Encoding | undefined;
}

/** A transport whose answers with status 200 are written anew. Does not own `inner`, whose answers are in JSON. */
export function rewriting(
  inner: Transport,
  { change = () => undefined, encoding = encodings.JSON }: Rewriting,
): Transport {
  const { codec } = encoding;
  return {
    async request(request) {
      const response = await inner.request(request);
      if (response.status !== 200) return response;
      const isList = purposeOf(request) === 'list';
      const mediaType = isList ? codec?.mediaType : codec?.watchMediaType;
      return {
        ...response,
        headers: { ...response.headers, ...(mediaType && { 'content-type': mediaType }) },
        body: isList ? ofList(response.body) : ofEvents(response.body),
      };
    },
    async [Symbol.asyncDispose]() {},
  };

  async function* ofList(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    const list = JSON.parse(Buffer.concat(chunks).toString()) as { items?: KubernetesObject[] };
    for (const item of list.items ?? []) change(item);
    yield encoding.object(list as KubernetesObject);
  }

  async function* ofEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let rest = '';
    for await (const chunk of body) {
      const lines = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event = JSON.parse(line) as { type: string; object: KubernetesObject };
        change(event.object);
        yield encoding.event(event);
      }
    }
  }
}
