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
import { jsonCodec, type ObjectReader } from './json-codec.js';
import { listQuery, watchQuery } from './query.js';
import { describeRequest, type Request, type ResourceTarget } from './request.js';
import type { Sender } from './sender.js';
import { decodeBody } from './decode-body.js';

/** What objects become: how a codec makes them of the bodies of lists and watches. */
export interface ObjectForm<V> {
  listDecoder(codec: ObjectReader, options: DecodeOptions): ListBodyDecoder<V>;
  watchDecoder(codec: ObjectReader, options: DecodeOptions): BodyDecoder<WatchEvent<V>>;
}

/** Lists and watches a resource, in one form of its objects. */
export class ListWatchClient<V> implements ListerWatcher<V> {
  readonly #client: Sender;
  readonly #target: ResourceTarget;
  readonly #type: NonNullable<Request['type']>;
  readonly #form: ObjectForm<V>;

  constructor(client: Sender, target: ResourceTarget, type: NonNullable<Request['type']>, form: ObjectForm<V>) {
    this.#client = client;
    this.#target = target;
    this.#type = type;
    this.#form = form;
  }

  get origin(): ListOrigin {
    const { group, version } = this.#type;
    return { server: this.#client, resource: `${formatGroupVersion({ group, version })}/${this.#target.resource}` };
  }

  async list(options: ListOptions = {}): Promise<KubernetesList<V>> {
    const request = this.#request(listQuery(options));
    return this.#client.read(request, options, async (response) => {
      const decoder = this.#form.listDecoder(
        this.#client.codecOf(response) ?? jsonCodec,
        this.#decodeOptions(request, options),
      );
      const items = await decodeBody(response.body, decoder);
      return Object.assign(decoder.list!, { items });
    });
  }

  listItems(options: ListOptions = {}): ItemStream<V> {
    const request = this.#request(listQuery(options));
    const decodeOptions = this.#decodeOptions(request, options);
    const { timeoutMs = this.#client.timeoutMs } = options;
    let decoder: ListBodyDecoder<V> | undefined;
    const stream = this.#stream('list', request, { ...options, timeoutMs }, (codec) => {
      return (decoder = this.#form.listDecoder(codec, decodeOptions));
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
    return this.#stream('watch', request, options, (codec) => this.#form.watchDecoder(codec, decodeOptions));
  }

  #request(query: Request['query']): Request {
    return { method: 'GET', target: this.#target, type: this.#type, query };
  }

  #decodeOptions(request: Request, { dropManagedFields }: Pick<ListOptions, 'dropManagedFields'>): DecodeOptions {
    return { what: describeRequest(request), type: this.#type, dropManagedFields };
  }

  #verb(verb: 'list' | 'watch'): string {
    return `${verb} ${formatGroupResource(this.#target)}`;
  }

  #stream<B>(
    verb: 'list' | 'watch',
    request: Request,
    { signal, timeoutMs, onWarning, onRetry }: RequestOptions,
    decoderOf: (codec: ObjectReader) => BodyDecoder<B>,
  ): BodyStream<B> {
    const client = this.#client;
    const longRunning = verb === 'watch';
    const open = async (signal: AbortSignal): Promise<OpenBody<B>> => {
      const response = await client.send(request, { signal, onWarning, onRetry, longRunning });
      return { body: response.body, decoder: decoderOf(client.codecOf(response) ?? jsonCodec) };
    };
    const isAnotherTry = (error: unknown): boolean => client.fallBack(request, error);
    return new BodyStream(open, { what: this.#verb(verb), clock: client.clock, signal, timeoutMs, isAnotherTry });
  }
}
