import type { Writable } from 'node:stream';
import { onAbort, SpareBuffers } from '@client-ts/apimachinery';
import {
  shortenedReason,
  toTransportError,
  TransportError,
  type WebSocketClose,
  WebSocketCloseError,
  type WebSocketConnection,
} from '@client-ts/rest';
import type { WebSocket } from 'ws';
import { Inflow } from './inflow.js';
import { maskedFrame, MinMaskedBytes } from './masked-frame.js';

/** What a peer did wrong, as `ws` calls it, and what it is told (RFC 6455 §7.4.1). Anything else is a protocol error. */
const Faults: Readonly<Record<string, WebSocketClose>> = {
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: { code: 1009, reason: 'the message is too large' },
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: { code: 1009, reason: 'the message is too large' },
  WS_ERR_INVALID_UTF8: { code: 1007, reason: 'the text is no UTF-8' },
  WS_ERR_TOO_MANY_BUFFERED_PARTS: { code: 1008, reason: 'the message has too many parts' },
};

const Normal = 1000;
const Abnormal = 1006;

export interface NodeWebSocketContext {
  readonly peer: string;
  readonly protocol: string;
  /** That of the WebSocket. */
  readonly connection: Writable;
  /** Called with each message that is sent. */
  readonly onSend: () => void;
  readonly onBytes: (count: number) => void;
  /** Called once, with what went wrong if something did. */
  readonly onClosed: (failure: unknown) => void;
}

/** An open WebSocket of `ws`, behind the contract of transports. */
export class NodeWebSocket implements WebSocketConnection {
  readonly protocol: string;
  readonly messages: AsyncIterable<Uint8Array | string>;
  readonly closed: Promise<WebSocketClose>;
  readonly #socket: WebSocket;
  readonly #connection: Writable;
  readonly #buffers = new SpareBuffers();
  readonly #peer: string;
  readonly #onSend: () => void;
  readonly #inflow: Inflow<Uint8Array | string>;
  readonly #pings = new Map<string, { readonly resolve: () => void; readonly reject: (reason: unknown) => void }>();
  #lastPing = 0;
  #closing = false;
  /** What whoever still wants something gets to hear. */
  #failure: { readonly reason: unknown } | undefined;

  constructor(socket: WebSocket, { peer, protocol, connection, onSend, onBytes, onClosed }: NodeWebSocketContext) {
    this.#socket = socket;
    this.#connection = connection;
    this.#peer = peer;
    this.#onSend = onSend;
    this.protocol = protocol;
    this.#inflow = new Inflow({
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      leave: () => {
        // The peer's answer to our farewell may be behind what nobody reads.
        socket.resume();
        void this.close();
      },
    });
    this.messages = this.#inflow;
    socket.on('message', (data: Buffer, isBinary) => {
      onBytes(data.length);
      this.#inflow.push(isBinary ? data : data.toString('utf8'));
    });
    socket.on('pong', (data) => this.#pings.get(data.toString('latin1'))?.resolve());
    socket.on('error', (error) => this.#fail(this.#errorOf(error)));
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        const close = this.#closeOf({ code, reason: reason.toString('utf8') });
        onClosed(this.#end(close));
        resolve(close);
      });
    });
  }

  send(message: Uint8Array | string): Promise<void> {
    const socket = this.#socket;
    // Nothing of what `ws` sends waits anywhere but in the connection, so all stays in order.
    if (typeof message !== 'string' && message.length >= MinMaskedBytes && socket.readyState === socket.OPEN) {
      const frame = maskedFrame(message, this.#buffers);
      return this.#sent((done) => {
        this.#connection.write(frame, (error) => {
          if (!error) this.#buffers.give(frame);
          done(error);
        });
      });
    }
    return this.#sent((done) => socket.send(message, { binary: typeof message !== 'string' }, done));
  }

  async ping({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    const payload = String(++this.#lastPing);
    const pong = new Promise<void>((resolve, reject) => {
      this.#pings.set(payload, { resolve, reject });
    });
    const unlink = signal && onAbort(signal, () => this.#pings.get(payload)?.reject(signal.reason));
    try {
      await Promise.all([pong, this.#sent((done) => this.#socket.ping(payload, true, done))]);
    } finally {
      unlink?.();
      this.#pings.delete(payload);
    }
  }

  async close(code: number = Normal, reason = ''): Promise<void> {
    this.#closing = true;
    this.#socket.close(code, shortenedReason(reason));
    await this.closed;
  }

  /** Ends at once; what is pending rejects with the reason. */
  cut(reason: unknown): void {
    this.#fail(reason, 'lost');
    this.#socket.terminate();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Resolves when the operating system has it. */
  async #sent(send: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (this.#failure) throw this.#failure.reason;
    this.#onSend();
    await new Promise<void>((resolve, reject) => {
      send((error) => {
        // Of what was just being written when the connection broke, Node.js reports no error.
        const failure = this.#failure ?? (error ? { reason: this.#errorOf(error) } : undefined);
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- may be the reason of an abort
        if (failure) reject(failure.reason);
        else resolve();
      });
    });
  }

  #fail(reason: unknown, how?: 'lost'): void {
    this.#failure ??= { reason };
    this.#inflow.fail(reason, how);
    for (const { reject } of this.#pings.values()) reject(reason);
  }

  /** @returns what went wrong, if something did. */
  #end(close: WebSocketClose): unknown {
    const wasGood = !this.#failure && (this.#closing || close.code === Normal);
    if (wasGood) this.#inflow.end();
    this.#fail(
      close.code === Abnormal
        ? new TransportError('truncated', `${this.#peer}: the WebSocket broke off`)
        : new WebSocketCloseError(this.#peer, close),
    );
    return wasGood ? undefined : this.#failure?.reason;
  }

  /** Of a fault of the peer, what it was told; otherwise, what it said. */
  #closeOf(close: WebSocketClose): WebSocketClose {
    const reason = this.#failure?.reason;
    return reason instanceof WebSocketCloseError ? { code: reason.code, reason: reason.reason } : close;
  }

  #errorOf(error: NodeJS.ErrnoException): Error {
    const { code = '' } = error;
    if (!code.startsWith('WS_ERR_')) return toTransportError(error, this.#peer, 'reading');
    const fault = Faults[code] ?? { code: 1002, reason: error.message };
    return new WebSocketCloseError(this.#peer, fault, { cause: error });
  }
}
