import { type Codec, formatGroupVersion, type GroupVersionKind } from '@client-ts/apimachinery';
import { isStatusError, isUnknownFieldsError } from '@client-ts/apimachinery/errors';
import { headerOf } from './headers.js';
import { essenceOf, JsonMediaType } from './media-type.js';
import type { Request } from './request.js';
import type { TransportResponse } from './transport-request.js';

/** What reads a representation, and what writes one. */
type Use = 'read' | 'write';

/**
 * In which representation objects are asked for and sent: that of the codecs that know the kind, until something tells that
 * it has to be JSON.
 */
export class Negotiation {
  readonly #codecs: readonly Codec[];
  readonly #byMediaType = new Map<string, Codec>();
  readonly #onFallBack: (request: Request, error: Error) => void;
  /** What is asked for, by the type as it is given: clients have one for each resource. */
  #accepts = new WeakMap<GroupVersionKind, string>();
  /** What goes as JSON: kinds, and reading or writing a group version. */
  readonly #asJson = new Set<string>();

  /** @param onFallBack - called each time that something is remembered to go as JSON. */
  constructor(codecs: readonly Codec[] = [], onFallBack: (request: Request, error: Error) => void = () => {}) {
    this.#codecs = codecs;
    for (const codec of codecs.toReversed()) {
      for (const type of [codec.mediaType, codec.watchMediaType]) this.#byMediaType.set(essenceOf(type), codec);
    }
    this.#onFallBack = onFallBack;
  }

  /**
   * The value of `Accept`, of a watch too: a kube-apiserver refuses the media type with which it then answers. JSON is always
   * in it: servers have kinds that they give in nothing else.
   */
  accept({ method, type, as }: Pick<Request, 'method' | 'type' | 'as'>): string {
    const accept = this.#acceptOf(method === 'GET' ? type : undefined);
    if (!as) return accept;
    const inForm = accept.replaceAll(/[^,]+/g, `$&;as=${as.kind};g=meta.k8s.io;v=v1`);
    return as.orItself ? `${inForm},${JsonMediaType}` : inForm;
  }

  #acceptOf(type: GroupVersionKind | undefined): string {
    if (!type || this.#codecs.length === 0) return JsonMediaType;
    let accept = this.#accepts.get(type);
    if (accept === undefined) {
      const asked = this.#usable('read', type).map(({ mediaType }) => mediaType);
      accept = [...asked, JsonMediaType].join(',');
      this.#accepts.set(type, accept);
    }
    return accept;
  }

  /** What a body is written with, unless it is JSON. */
  encoder(type: GroupVersionKind | undefined): Codec | undefined {
    return this.#usable('write', type)[0];
  }

  /** What an answer is read with, unless it is JSON. */
  decoder(response: Pick<TransportResponse, 'headers'>): Codec | undefined {
    if (this.#codecs.length === 0) return undefined;
    const type = headerOf(response, 'content-type') ?? '';
    return this.#byMediaType.get(type) ?? this.#byMediaType.get(essenceOf(type));
  }

  /**
   * Takes a failure for what it tells about representations: fields that a codec does not know are remembered for the kind, a
   * refusal (406, 415) for the group version. `true` when it is such a failure: then the request, sent again, may be another.
   */
  learn(request: Request, error: unknown): boolean {
    const { method, type } = request;
    const use = method === 'GET' ? 'read' : 'write';
    const refused = isStatusError(error) && error.code === (use === 'read' ? 406 : 415);
    if (!type || !(refused || (use === 'read' && isUnknownFieldsError(error)))) return false;
    // Whoever asked at the same time has learnt it already.
    if (this.#usable(use, type).length > 0) {
      this.#asJson.add(refused ? useKey(use, type) : kindKey(type));
      this.#accepts = new WeakMap();
      this.#onFallBack(request, error);
    }
    return true;
  }

  #usable(use: Use, type: GroupVersionKind | undefined): readonly Codec[] {
    if (!type || this.#asJson.has(kindKey(type)) || this.#asJson.has(useKey(use, type))) return [];
    return this.#codecs.filter((codec) => codec.knows(type));
  }
}

function kindKey(type: GroupVersionKind): string {
  return `${formatGroupVersion(type)} ${type.kind}`;
}

function useKey(use: Use, type: GroupVersionKind): string {
  return `${use} ${formatGroupVersion(type)}`;
}
