import { linkSignal } from './link-signal.js';
import { TransportError } from './transport-error.js';
import { type WebSocketClose, WebSocketCloseError, type WebSocketConnection } from './web-socket.js';
import { shortenedReason, WebSocketCloseTimeoutMs } from './web-socket-rules.js';

const MiB = 1024 * 1024;

/** The runtime goes on receiving whether or not somebody reads. */
const MaxUnreadBytes = 64 * MiB;

/** What waits in the runtime to be sent before `send` waits too, and how often that is looked at. */
const MaxUnsentBytes = MiB;
const LookMs = 10;

/** An open `WebSocket` of the runtime, behind the contract of transports, as far as it goes: there are no pings. */
export class GlobalWebSocket implements WebSocketConnection {
  readonly protocol: string;
  readonly messages: AsyncIterable<Uint8Array | string>;
  readonly closed: Promise<WebSocketClose>;
  readonly #socket: WebSocket;
  readonly #peer: string;
  readonly #release: () => void;
  #settle: (close: WebSocketClose) => void = () => {};
  readonly #unread: (Uint8Array | string)[] = [];
  #unreadBytes = 0;
  #wake: (() => void) | undefined;
  #closing = false;
  /** Why nothing more can be sent; and, unless it ended well, why nothing more comes. */
  #ended: { readonly reason: unknown; readonly well: boolean } | undefined;

  /** @param peer - who was called: `host:port`, for messages. */
  constructor(socket: WebSocket, peer: string, signal: AbortSignal | undefined) {
    this.#socket = socket;
    this.#peer = peer;
    this.protocol = socket.protocol;
    this.messages = this.#read();
    this.closed = new Promise((resolve) => (this.#settle = resolve));
    const controller = new AbortController();
    this.#release = linkSignal(signal, controller);
    controller.signal.addEventListener('abort', () => this.#cut(signal?.reason));
    socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer | string>) => this.#receive(data));
    socket.addEventListener('close', ({ code, reason }) => this.#end({ code, reason }));
  }

  async send(message: Uint8Array | string): Promise<void> {
    this.#expectOpen();
    this.#socket.send(message as Uint8Array<ArrayBuffer>);
    while (this.#socket.bufferedAmount > MaxUnsentBytes) {
      await new Promise((resolve) => setTimeout(resolve, LookMs));
      this.#expectOpen();
    }
  }

  /** Other codes than 1000 and those from 3000 on are for the runtime alone: 1000 stands for them. */
  async close(code = 1000, reason = ''): Promise<void> {
    if (!this.#ended && !this.#closing) {
      this.#closing = true;
      this.#socket.close(code >= 3000 && code < 5000 ? code : 1000, shortenedReason(reason));
      const timer = setTimeout(() => this.#end({ code: 1006, reason: '' }), WebSocketCloseTimeoutMs);
      void this.closed.then(() => clearTimeout(timer));
    }
    await this.closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#read(): AsyncGenerator<Uint8Array | string, void, void> {
    try {
      for (;;) {
        const message = this.#unread.shift();
        if (message !== undefined) {
          this.#unreadBytes -= message.length;
          yield message;
        } else if (this.#ended) {
          if (this.#ended.well) return;
          throw this.#ended.reason;
        } else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      void this.close();
    }
  }

  #receive(data: ArrayBuffer | string): void {
    if (this.#ended) return;
    const message = typeof data === 'string' ? data : new Uint8Array(data);
    this.#unreadBytes += message.length;
    this.#unread.push(message);
    this.#wake?.();
    if (this.#unreadBytes <= MaxUnreadBytes) return;
    this.#cut(
      new TransportError('other', `${this.#peer}: ${MaxUnreadBytes} bytes of the WebSocket were not read in time`),
    );
  }

  /** What is pending rejects with the reason. The runtime says goodbye in its own time. */
  #cut(reason: unknown): void {
    this.#ended ??= { reason, well: false };
    this.#unread.length = 0;
    this.#socket.close();
    this.#end({ code: 1006, reason: '' });
  }

  #end(close: WebSocketClose): void {
    this.#release();
    const reason =
      close.code === 1006
        ? new TransportError('truncated', `${this.#peer}: the WebSocket broke off`)
        : new WebSocketCloseError(this.#peer, close);
    this.#ended ??= { reason, well: this.#closing || close.code === 1000 };
    this.#settle(close);
    this.#wake?.();
  }

  #expectOpen(): void {
    if (this.#ended) throw this.#ended.reason;
  }
}
