import type { KubernetesObject } from '@client-ts/apimachinery';
import type { Transport, TransportRequest, TransportResponse } from '@client-ts/rest';
import { purposeOf } from './purpose.js';

/** Whether an object arrives without its name, so that nobody can read its key: in the state after every third write. */
export function isNameless({ metadata }: KubernetesObject): boolean {
  return Number(metadata?.labels?.['write']) % 3 === 0;
}

/** A transport that takes the names of those away. Does not own `inner`, whose answers are in JSON. */
export function takingNames(inner: Transport): Transport {
  return {
    async request(request) {
      const response = await inner.request(request);
      return response.status === 200 ? { ...response, body: withoutNames(request, response) } : response;
    },
    async [Symbol.asyncDispose]() {},
  };
}

function withoutNames(request: TransportRequest, { body }: TransportResponse): AsyncIterable<Uint8Array> {
  return purposeOf(request) === 'list' ? ofList(body) : ofEvents(body);
}

async function* ofList(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const list = JSON.parse(Buffer.concat(chunks).toString()) as { items?: KubernetesObject[] };
  for (const item of list.items ?? []) takeName(item);
  yield Buffer.from(JSON.stringify(list));
}

async function* ofEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + Buffer.from(chunk).toString()).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = JSON.parse(line) as { object: KubernetesObject };
      takeName(event.object);
      yield Buffer.from(`${JSON.stringify(event)}\n`);
    }
  }
  yield Buffer.from(rest);
}

function takeName(object: KubernetesObject): void {
  if (isNameless(object)) delete object.metadata?.name;
}
