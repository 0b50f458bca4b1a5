import type { Transport } from './transport.js';
import { TransportError } from './transport-error.js';
import type { TransportRequest } from './transport-request.js';
import type { WebSocketConnection, WebSocketRequest, WebSocketResponse } from './web-socket.js';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Instead of an answer. */
  readonly error?: Error;
  /** The body breaks off after what there is of it. */
  readonly breaks?: boolean;
  readonly webSocket?: WebSocketConnection;
}

/** Gives prepared answers, one after the other; the last one again and again. */
export class Script implements Transport {
  readonly requests: (TransportRequest | WebSocketRequest)[] = [];
  discarded = 0;
  readonly #answers: Answer[];

  constructor(...answers: Answer[]) {
    this.#answers = answers;
  }

  request(request: TransportRequest): Promise<WebSocketResponse> {
    return this.#answer(request);
  }

  openWebSocket(request: WebSocketRequest): Promise<WebSocketResponse> {
    return this.#answer(request);
  }

  #answer(request: TransportRequest | WebSocketRequest): Promise<WebSocketResponse> {
    this.requests.push(request);
    const answer = (this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0]) ?? {};
    if (answer.error) return Promise.reject(answer.error);
    async function* body(): AsyncGenerator<Uint8Array> {
      const { body: whole = '' } = answer;
      yield typeof whole === 'string' ? new TextEncoder().encode(whole) : whole;
      if (answer.breaks) throw new TransportError('truncated', 'cut off');
    }
    return Promise.resolve({
      status: answer.status ?? 200,
      headers: answer.headers ?? {},
      body: body(),
      webSocket: answer.webSocket,
      discard: async () => {
        this.discarded++;
      },
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
