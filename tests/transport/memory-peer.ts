import type { ApiServer } from '@client-ts/apiserver';
import type { AnyPeer } from './case.js';
import type { AnswerTo, PeerRequest } from './peer.js';

type ApiRequest = Parameters<ApiServer['handle']>[0];
type ApiResponse = Awaited<ReturnType<ApiServer['handle']>>;

/** The far end of a transport in the same process: a server in memory that answers what a case wants. */
export class MemoryPeer implements AnyPeer {
  readonly connections = 0;
  readonly requests: PeerRequest[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(server: ApiServer, answer: AnswerTo) {
    server.handle = (request) => this.#serve(request, answer);
  }

  url(path = '/'): URL {
    return new URL(path, 'http://in-memory.invalid');
  }

  async request(number = 0): Promise<PeerRequest> {
    for (;;) {
      const request = this.requests[number];
      if (request) return request;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  async #serve({ method, url, headers, body = '', signal }: ApiRequest, answer: AnswerTo): Promise<ApiResponse> {
    const client = new Client(signal);
    const request: PeerRequest = {
      method,
      path: url.pathname + url.search,
      headers: Object.entries(headers).flatMap(([name, value = '']) =>
        [value].flat().map((item): [string, string] => [name, Buffer.from(item).toString('latin1')]),
      ),
      body: Buffer.from(body),
      certificate: undefined,
      left: client.left,
    };
    this.requests.push(request);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    const { status = 200, headers: answered = {}, body: text = '' } = await client.waitFor(answer(request));
    return { status, headers: fromLatin1(answered), body: bodyOf(typeof text === 'string' ? [text] : text, client) };
  }
}

/** Whoever waits for an answer, until he leaves. */
class Client {
  readonly left: Promise<void>;
  readonly aborted: Promise<never>;
  leave!: () => void;
  #unlink: () => void = () => {};

  constructor(signal: AbortSignal | undefined) {
    this.left = new Promise((resolve) => (this.leave = resolve));
    this.aborted = new Promise((_, reject) => {
      const abort = (): void => {
        this.leave();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', abort);
      this.#unlink = () => signal?.removeEventListener('abort', abort);
    });
    this.aborted.catch(() => {});
  }

  waitFor<T>(what: T | Promise<T>): Promise<T> {
    return Promise.race([what, this.aborted]);
  }

  done(): void {
    this.#unlink();
  }
}

/** No generator: those that were never begun do not notice that nobody wants them. */
function bodyOf(
  chunks: Iterable<string> | AsyncIterable<string | Uint8Array>,
  client: Client,
): AsyncIterable<Uint8Array> & AsyncIterator<Uint8Array, void, void> {
  const iterator = iterate(chunks);
  const end = async (): Promise<IteratorResult<Uint8Array, void>> => {
    client.leave();
    client.done();
    return { done: true, value: undefined };
  };
  return {
    async next() {
      for (;;) {
        const next = await client.waitFor(iterator.next());
        if (next.done) return end();
        if (next.value.length > 0) return { done: false, value: Buffer.from(next.value) };
      }
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* iterate<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, void, void> {
  yield* items;
}

/** Cases give bytes, one a character; servers in memory take text. */
function fromLatin1(headers: Readonly<Record<string, string | string[]>>): Record<string, string | string[]> {
  const text = (value: string): string => Buffer.from(value, 'latin1').toString();
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? text(value) : value.map(text)]),
  );
}
