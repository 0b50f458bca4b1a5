import { type RequestOptions, SingleFlight } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { headerOf, readBytes, type RestClient } from '@client-ts/rest';
import { OpenApiError } from './open-api-error.js';
import { shownName } from './shown-name.js';

/** A server with many CRDs takes its time to make a document; as in discovery, in milliseconds. */
const TimeoutMs = 32_000;

interface Kept<T> {
  /** What the server said the document is at; it carries the hash of its content, if there is one. */
  readonly location: string;
  readonly etag: string | undefined;
  readonly value: T;
}

/** Fetches documents and keeps the last one of each; nothing is kept of what failed. */
export class DocumentCache<T> {
  readonly #client: RestClient;
  readonly #maxBytes: number;
  readonly #read: (document: unknown, name: string) => T;
  readonly #kept = new Map<string, Kept<T>>();
  /** What is being fetched, by name and location. */
  readonly #flights = new Map<string, SingleFlight<T>>();

  /** @param read - makes of the parsed JSON what is kept. */
  constructor(client: RestClient, maxBytes: number, read: (document: unknown, name: string) => T) {
    this.#client = client;
    this.#maxBytes = maxBytes;
    this.#read = read;
  }

  /**
   * The document of a name. One whose location has the hash of its content is asked for once; others are asked for each time,
   * with what was kept to be confirmed (`If-None-Match`).
   */
  get(name: string, location: string, { signal }: Pick<RequestOptions, 'signal'>): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept?.location === location && hasHash(location)) {
      signal?.throwIfAborted();
      return Promise.resolve(kept.value);
    }
    const key = `${name} ${location}`;
    const flight = this.#flights.get(key) ?? new SingleFlight<T>();
    const start = async (shared: AbortSignal): Promise<T> => {
      this.#flights.set(key, flight);
      // Nobody waits any more: who comes next begins anew, while this may still be ending.
      shared.addEventListener('abort', () => this.#flights.delete(key));
      try {
        return await this.#fetch(name, location, shared);
      } finally {
        if (!shared.aborted) this.#flights.delete(key);
      }
    };
    return flight.join(start, signal);
  }

  /** Forgets documents that the server does not have any more. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#kept.keys()) if (!names.has(name)) this.#kept.delete(name);
  }

  async #fetch(name: string, location: string, signal: AbortSignal): Promise<T> {
    const kept = this.#kept.get(name);
    const headers = kept?.etag === undefined ? undefined : { 'if-none-match': kept.etag };
    try {
      const fetched = await this.#client.read(
        { method: 'GET', target: location, headers },
        { signal, timeoutMs: TimeoutMs },
        async (response) => ({
          etag: headerOf(response, 'etag'),
          document: parse(name, await readBytes(limited(response.body, name, this.#maxBytes))),
        }),
      );
      const value = this.#read(fetched.document, name);
      this.#kept.set(name, { location, etag: fetched.etag, value });
      return value;
    } catch (error) {
      if (!kept || !isStatusError(error) || error.code !== 304) throw error;
      this.#kept.set(name, { ...kept, location });
      return kept.value;
    }
  }
}

function hasHash(location: string): boolean {
  return /[?&]hash=[^&]/.test(location);
}

async function* limited(body: AsyncIterable<Uint8Array>, name: string, maxBytes: number): AsyncGenerator<Uint8Array> {
  let left = maxBytes;
  for await (const chunk of body) {
    left -= chunk.length;
    if (left < 0)
      throw new OpenApiError('tooLarge', `${shownName(name)}: the document has more than ${maxBytes} bytes`);
    yield chunk;
  }
}

function parse(name: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new OpenApiError('malformed', `${shownName(name)}: the document is not JSON`, { cause });
  }
}
