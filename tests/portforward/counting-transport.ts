import type {
  Transport,
  TransportRequest,
  TransportResponse,
  WebSocketConnection,
  WebSocketRequest,
  WebSocketResponse,
} from '@client-ts/rest';

/** What of one WebSocket is in this process, beside the bounded buffer of its transport. */
export interface Counts {
  /** Bytes that were taken from the transport. */
  received: number;
  /** The most bytes at a time that were given to the transport, and were not yet in the hands of the operating system. */
  maxUnsent: number;
  /** Whether somebody waits for the next message. */
  isRead: boolean;
}

/** A transport that counts, for each WebSocket. */
export class CountingTransport implements Transport {
  readonly webSockets: Counts[] = [];
  readonly #transport: Required<Transport>;

  constructor(transport: Required<Transport>) {
    this.#transport = transport;
  }

  request(request: TransportRequest): Promise<TransportResponse> {
    return this.#transport.request(request);
  }

  async openWebSocket(request: WebSocketRequest): Promise<WebSocketResponse> {
    const response = await this.#transport.openWebSocket(request);
    return response.webSocket ? { ...response, webSocket: this.#counted(response.webSocket) } : response;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }

  #counted(webSocket: WebSocketConnection): WebSocketConnection {
    const counts: Counts = { received: 0, maxUnsent: 0, isRead: false };
    this.webSockets.push(counts);
    let unsent = 0;
    async function* messages(): AsyncGenerator<Uint8Array | string, void, void> {
      counts.isRead = true;
      for await (const message of webSocket.messages) {
        counts.received += message.length;
        counts.isRead = false;
        yield message;
        counts.isRead = true;
      }
    }
    return {
      protocol: webSocket.protocol,
      messages: messages(),
      closed: webSocket.closed,
      async send(message) {
        unsent += message.length;
        counts.maxUnsent = Math.max(counts.maxUnsent, unsent);
        await webSocket.send(message);
        unsent -= message.length;
      },
      close: (code, reason) => webSocket.close(code, reason),
      [Symbol.asyncDispose]: () => webSocket[Symbol.asyncDispose](),
    };
  }
}
