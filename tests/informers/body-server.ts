import type { Codec } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import type { Transport, TransportRequest, TransportResponse } from '@client-ts/rest';

/** A server of one resource that answers with prepared bytes. */
export class BodyServer implements Transport {
  /** What every list is answered with. */
  list: Uint8Array = new Uint8Array(0);
  readonly #types: readonly [list: string, watch: string];
  #watch: ReadableStreamDefaultController<Uint8Array> | undefined;
  #isExpired = false;

  /** @param codec - whose media types the answers have. Default: JSON. */
  constructor({ mediaType, watchMediaType }: Partial<Pick<Codec, 'mediaType' | 'watchMediaType'>> = {}) {
    this.#types = [mediaType ?? 'application/json', watchMediaType ?? 'application/json'];
  }

  request({ url, signal }: TransportRequest): Promise<TransportResponse> {
    if (!url.searchParams.has('watch')) return answer(200, this.#types[0], bodyOf(this.list));
    if (this.#isExpired) {
      this.#isExpired = false;
      return answer(410, 'application/json', bodyOf(JSON.stringify(newResourceExpired('too old').status)));
    }
    const body = new ReadableStream<Uint8Array>({ start: (controller) => void (this.#watch = controller) });
    signal?.addEventListener('abort', () => this.#watch?.error(signal.reason), { once: true });
    return answer(200, this.#types[1], body);
  }

  /** Sends the bytes of an event to the watch that is open. */
  send(event: Uint8Array): void {
    this.#watch?.enqueue(event);
  }

  /** Ends the watch that is open, and refuses the next one: only a list helps. */
  expire(): void {
    this.#isExpired = true;
    this.#watch?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

function answer(status: number, type: string, body: AsyncIterable<Uint8Array>): Promise<TransportResponse> {
  return Promise.resolve({ status, headers: { 'content-type': type }, body, discard: () => Promise.resolve() });
}

async function* bodyOf(body: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(typeof body === 'string' ? new TextEncoder().encode(body) : body);
}
