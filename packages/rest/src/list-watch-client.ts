import type {
  BodyDecoder,
  DecodeOptions,
  ItemStream,
  KubernetesList,
  ListBodyDecoder,
  ListerWatcher,
  ListOptions,
  ListOrigin,
  RequestOptions,
  Watch,
  WatchEvent,
  WatchOptions,
} from '@client-ts/apimachinery';
import { formatGroupResource, formatGroupVersion } from '@client-ts/apimachinery';
import { BodyStream, type OpenBody } from './body-stream.js';
import type { Sender } from './sender.js';
import { listQuery, watchQuery } from './query.js';
import { describeRequest, type Request, type ResourceTarget } from './request.js';
import { decodeBody } from './decode-body.js';

type AnyCodec = ReturnType<Sender['codecOf']>;

/** Makes values of type `V` of the objects of lists and watches. */
export interface ObjectsReader<V> {
  listDecoder(options: DecodeOptions): ListBodyDecoder<V>;
  watchDecoder(options: DecodeOptions): BodyDecoder<WatchEvent<V>>;
}

/** How a codec reads them. */
type ReaderOf<V> = (codec: AnyCodec) => ObjectsReader<V>;

/** Lists and watches a resource. `V` are its objects, parsed or as bytes. */
export class ListWatchClient<V> implements ListerWatcher<V> {
  readonly #client: Sender;
  readonly #target: ResourceTarget;
  readonly #type: NonNullable<Request['type']>;
  readonly #readerOf: ReaderOf<V>;

  constructor(client: Sender, target: ResourceTarget, type: NonNullable<Request['type']>, readerOf: ReaderOf<V>) {
    this.#client = client;
    this.#target = target;
    this.#type = type;
    this.#readerOf = readerOf;
  }

  get origin(): ListOrigin {
    return { server: this.#client, resource: `${formatGroupVersion(this.#target)}/${this.#target.resource}` };
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<V>> {
    const request = this.#request(listQuery(options));
    return this.#client.read(request, options, async (response) => {
      const reader = this.#readerOf(this.#client.codecOf(response));
      const decoder = reader.listDecoder(this.#decodeOptions(request, options));
      const items = await decodeBody(response.body, decoder);
      return Object.assign(decoder.list!, { items });
    });
  }

  listItems(options: ListOptions = {}): ItemStream<V> {
    const request = this.#request(listQuery(options));
    const decodeOptions = this.#decodeOptions(request, options);
    const { timeoutMs = this.#client.timeoutMs } = options;
    let decoder: ListBodyDecoder<V> | undefined;
    const stream = this.#stream('list', request, { ...options, timeoutMs }, (reader) => {
      return (decoder = reader.listDecoder(decodeOptions));
    });
    return {
      get list() {
        return decoder?.list;
      },
      [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
      [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    };
  }

  watch(options: WatchOptions = {}): Watch<V> {
    const request = this.#request(watchQuery(options));
    const decodeOptions = { ...this.#decodeOptions(request, options), what: this.#verb('watch') };
    return this.#stream('watch', request, options, (reader) => reader.watchDecoder(decodeOptions));
  }

  #request(query: Request['query']): Request {
    return { method: 'GET', target: this.#target, type: this.#type, query };
  }

  #decodeOptions(request: Request, { dropManagedFields, onUndecodable }: Omit<ListOptions, 'limit'>): DecodeOptions {
    return { what: describeRequest(request), type: this.#type, dropManagedFields, onUndecodable };
  }

  #verb(verb: 'list' | 'watch'): string {
    return `${verb} ${formatGroupResource(this.#target)}`;
  }

  #stream<B>(
    verb: 'list' | 'watch',
    request: Request,
    { signal, timeoutMs, onWarning, onRetry }: RequestOptions,
    decoderOf: (reader: ObjectsReader<V>) => BodyDecoder<B>,
  ): BodyStream<B> {
    const client = this.#client;
    const longRunning = verb === 'watch';
    const open = async (signal: AbortSignal): Promise<OpenBody<B>> => {
      const response = await client.send(request, { signal, onWarning, onRetry, longRunning });
      return { body: response.body, decoder: decoderOf(this.#readerOf(client.codecOf(response))) };
    };
    const isAnotherTry = (error: unknown): boolean => client.fallBack(request, error);
    return new BodyStream(open, { what: this.#verb(verb), clock: client.clock, signal, timeoutMs, isAnotherTry });
  }
}
