import { type Clock, InitialEventsAnnotation, type KubernetesObject, sleep } from '@client-ts/apimachinery';
import type { Transport, TransportRequest, TransportResponse } from '@client-ts/rest';
import { purposeOf } from './purpose.js';

/** How what a server says may arrive without anybody being at fault. */
export interface Delivery {
  /** Objects of lists and of initial events come in an order that follows from this: theirs is nobody's promise. Default: as sent. */
  readonly order?: number | undefined;
  /** Each piece is read so long after the one before: who reads is slow, and a watch may be overtaken by a compaction. Default: 0. */
  readonly slowMs?: number | undefined;
}

/** A transport that delivers so. Does not own `inner`. */
export function delivering(inner: Transport, { order, slowMs = 0 }: Delivery, clock: Clock): Transport {
  return {
    async request(request) {
      let response = await inner.request(request);
      if (order !== undefined) response = inOrder(request, response, order);
      if (slowMs > 0) response = { ...response, body: slowly(response.body, slowMs, clock, request.signal) };
      return response;
    },
    async [Symbol.asyncDispose]() {},
  };
}

async function* slowly(
  body: AsyncIterable<Uint8Array>,
  ms: number,
  clock: Clock,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    await sleep(clock, ms, signal);
    yield chunk;
  }
}

function inOrder(request: TransportRequest, response: TransportResponse, order: number): TransportResponse {
  if (response.status !== 200) return response;
  switch (purposeOf(request)) {
    case 'list':
      return { ...response, body: shuffledList(response.body, order) };
    case 'stream':
      return { ...response, body: shuffledEvents(response.body, order) };
    case 'watch':
      return response;
  }
}

async function* shuffledList(body: AsyncIterable<Uint8Array>, order: number): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const list = JSON.parse(Buffer.concat(chunks).toString()) as { items?: KubernetesObject[] };
  if (list.items) list.items = shuffled(list.items, order);
  yield Buffer.from(JSON.stringify(list));
}

/** Only what comes before the bookmark that ends the initial events. */
async function* shuffledEvents(body: AsyncIterable<Uint8Array>, order: number): AsyncGenerator<Uint8Array> {
  let initial: string | undefined = '';
  for await (const chunk of body) {
    if (initial === undefined) {
      yield chunk;
      continue;
    }
    initial += Buffer.from(chunk).toString();
    const lines = initial.split('\n');
    const end = lines.findIndex((line) => line.includes(`"${InitialEventsAnnotation}":"true"`));
    if (end < 0 || end === lines.length - 1) continue;
    yield Buffer.from([...shuffled(lines.slice(0, end), order), ...lines.slice(end)].join('\n'));
    initial = undefined;
  }
  if (initial) yield Buffer.from(initial);
}

/** As a stable sort by a number that each place is given. */
function shuffled<T>(items: readonly T[], order: number): T[] {
  const rank = (at: number): number => Math.imul(at + 1, (order << 1) | 1) >>> 0;
  return [...items.keys()].toSorted((one, other) => rank(one) - rank(other)).map((at) => items[at] as T);
}
