import type {
  Config,
  Transport,
  TransportResponse,
  WebSocketClose,
  WebSocketConnection,
  WebSocketRequest,
} from '@client-ts/rest';
import { TransportError } from '@client-ts/rest';
import { framed } from './channel-state.js';

/** The other end of an exec, in memory: says what it is told to, and notes what it is sent. */
export class ExecServer implements Transport {
  readonly requests: WebSocketRequest[] = [];
  readonly connections: ServedConnection[] = [];
  readonly #protocol: string;
  #handshake: Promise<void> = Promise.resolve();

  constructor(protocol = 'v5.channel.k8s.io') {
    this.#protocol = protocol;
  }

  get config(): Config {
    return { host: 'https://server', transport: this };
  }

  get connection(): ServedConnection {
    const [connection] = this.connections;
    if (!connection) throw new Error('nobody has connected');
    return connection;
  }

  /** Lets no handshake end before this has. */
  delay(until: Promise<void>): void {
    this.#handshake = until;
  }

  request(): Promise<TransportResponse> {
    return Promise.reject(new Error('expected a WebSocket'));
  }

  async openWebSocket(request: WebSocketRequest): Promise<TransportResponse & { webSocket: WebSocketConnection }> {
    this.requests.push(request);
    const { signal } = request;
    await new Promise<void>((resolve, reject) => {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason of an abort
      signal?.addEventListener('abort', () => reject(signal.reason));
      void this.#handshake.then(resolve);
    });
    const connection = new ServedConnection(this.#protocol, request);
    this.connections.push(connection);
    return { status: 101, headers: {}, body: nothing(), discard: () => Promise.resolve(), webSocket: connection };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

export class ServedConnection implements WebSocketConnection {
  readonly sent: Uint8Array[] = [];
  readonly messages: AsyncIterable<Uint8Array | string>;
  readonly closed: Promise<WebSocketClose>;
  /** Messages that were taken by the client. */
  taken = 0;
  isClosed = false;
  readonly protocol: string;
  readonly #waiting: (Uint8Array | string)[] = [];
  #end: { readonly failure?: unknown } | undefined;
  #wake = (): void => {};
  #settle!: (close: WebSocketClose) => void;
  #isStuck = false;
  #unstick: (() => void)[] = [];
  #fail: ((reason: unknown) => void)[] = [];

  constructor(protocol: string, { signal }: WebSocketRequest) {
    this.protocol = protocol;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.messages = this.#read();
    signal?.addEventListener('abort', () => this.break(signal.reason));
  }

  /** Says this on a channel. */
  say(channel: number, text: string | Uint8Array = ''): void {
    const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
    this.#waiting.push(framed(channel, bytes));
    this.#wake();
  }

  exit(code: number): void {
    const causes = [{ reason: 'ExitCode', message: String(code) }];
    const status =
      code === 0 ? { status: 'Success' } : { status: 'Failure', reason: 'NonZeroExitCode', details: { causes } };
    this.say(3, JSON.stringify(status));
  }

  break(reason: unknown = new TransportError('truncated', 'server: broke off')): void {
    if (this.#end) return;
    this.#end = { failure: reason };
    for (const fail of this.#fail) fail(reason);
    this.#settle({ code: 1006, reason: '' });
    this.#wake();
  }

  /** Takes nothing more of what is sent. */
  stick(): void {
    this.#isStuck = true;
  }

  unstick(): void {
    this.#isStuck = false;
    for (const resolve of this.#unstick.splice(0)) resolve();
  }

  async send(message: Uint8Array | string): Promise<void> {
    if (this.#end) throw this.#end.failure ?? new Error('closed');
    this.sent.push(typeof message === 'string' ? new TextEncoder().encode(message) : message);
    if (!this.#isStuck) return;
    await new Promise<void>((resolve, reject) => {
      this.#unstick.push(resolve);
      this.#fail.push(reject);
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    this.#end ??= {};
    this.#settle({ code: 1000, reason: '' });
    this.#wake();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#read(): AsyncGenerator<Uint8Array | string, void, void> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message !== undefined) {
        this.taken++;
        yield message;
      } else if (this.#end) {
        if ('failure' in this.#end) throw this.#end.failure;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
