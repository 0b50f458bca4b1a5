import type {
  Config,
  Transport,
  TransportResponse,
  WebSocketClose,
  WebSocketConnection,
  WebSocketRequest,
} from '@client-ts/rest';
import { TransportError } from '@client-ts/rest';
import { HeaderInflater } from './header-inflater.test.kit.js';
import { encodeData, encodePing, encodeRstStream, Fin } from './spdy-frame.js';

/** A kubelet with one Pod, in memory: says what it is told to, and notes what it is sent. */
export class PortServer implements Transport {
  readonly requests: WebSocketRequest[] = [];
  readonly tunnels: ServedTunnel[] = [];
  /** Whether new connections are taken, or nothing is said to them. */
  answers = true;
  /** Why the next tunnels are refused. */
  refusal: unknown;
  #handshake: Promise<void> = Promise.resolve();

  get config(): Config {
    return { host: 'https://server', transport: this };
  }

  get tunnel(): ServedTunnel {
    const tunnel = this.tunnels.at(-1);
    if (!tunnel) throw new Error('there is no tunnel');
    return tunnel;
  }

  get connection(): ServedConnection {
    const connection = this.tunnel.connections.at(-1);
    if (!connection) throw new Error('there is no connection');
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
    if (this.refusal !== undefined) throw this.refusal;
    const tunnel = new ServedTunnel(this, request);
    this.tunnels.push(tunnel);
    return { status: 101, headers: {}, body: nothing(), discard: () => Promise.resolve(), webSocket: tunnel };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

/** One tunnel, as the server sees it. */
export class ServedTunnel implements WebSocketConnection {
  readonly protocol = 'SPDY/3.1+portforward.k8s.io';
  readonly connections: ServedConnection[] = [];
  readonly messages: AsyncIterable<Uint8Array | string>;
  readonly closed: Promise<WebSocketClose>;
  /** What the client said to the whole: `ping 1`, `goAway`, `reset 2`. */
  readonly heard: string[] = [];
  /** How many messages the client has taken. */
  taken = 0;
  /** The client has closed it. */
  isClosed = false;
  /** Whether it is then not over before it breaks. */
  lingers = false;
  /** Whether pings are answered. */
  pongs = true;
  /** No longer than that are the messages. */
  messageBytes = Infinity;
  readonly #server: PortServer;
  readonly #inflater = new HeaderInflater();
  readonly #byStream = new Map<number, ServedConnection>();
  readonly #waiting: (Uint8Array | string)[] = [];
  #end: { readonly failure?: unknown } | undefined;
  #wake = (): void => {};
  #settle!: (close: WebSocketClose) => void;
  #isStuck = false;
  #pending: { readonly resolve: () => void; readonly reject: (reason: unknown) => void }[] = [];

  constructor(server: PortServer, { signal }: WebSocketRequest) {
    this.#server = server;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.messages = this.#read();
    signal?.addEventListener('abort', () => this.break(signal.reason));
  }

  /** Sends what a frame has, in as many messages as it takes. */
  say(bytes: Uint8Array | string): void {
    if (typeof bytes === 'string') this.#waiting.push(bytes);
    else {
      for (let at = 0; at < bytes.length; at += this.messageBytes) {
        this.#waiting.push(bytes.slice(at, at + this.messageBytes));
      }
    }
    this.#wake();
  }

  break(reason: unknown = new TransportError('truncated', 'server: broke off')): void {
    this.#finish({ failure: reason }, 1006);
  }

  /** Takes nothing more of what is sent. */
  stick(): void {
    this.#isStuck = true;
  }

  unstick(): void {
    this.#isStuck = false;
    for (const { resolve } of this.#pending.splice(0)) resolve();
  }

  async send(message: Uint8Array | string): Promise<void> {
    if (this.#end) throw this.#end.failure ?? new Error('closed');
    if (typeof message === 'string') throw new Error(`expected a frame, got ${message}`);
    this.#hear(Buffer.from(message));
    if (!this.#isStuck) return;
    await new Promise<void>((resolve, reject) => {
      this.#pending.push({ resolve, reject });
    });
  }

  close(): Promise<void> {
    this.isClosed = true;
    if (!this.lingers) this.#finish({}, 1000);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One frame for each message, as the client sends them. */
  #hear(frame: Buffer): void {
    const first = frame.readUInt32BE(0);
    const hasFin = frame[4] === Fin;
    const stream = frame.length >= 12 ? frame.readUInt32BE(8) : 0;
    switch (first) {
      case 0x8003_0001:
        this.#open(stream, this.#inflater.decode(frame.subarray(18)), hasFin);
        break;
      case 0x8003_0003:
        if (stream % 2 === 0) this.heard.push(`reset ${stream}`);
        else this.#byStream.get(stream)?.resets.push(stream);
        break;
      case 0x8003_0006:
        this.heard.push(`ping ${stream}`);
        if (this.pongs && stream % 2 === 1) this.say(encodePing(stream));
        break;
      case 0x8003_0007:
        this.heard.push('goAway');
        break;
      default:
        this.#byStream.get(first)?.hear(frame.subarray(8), hasFin);
    }
  }

  #open(stream: number, headers: Record<string, string>, hasFin: boolean): void {
    if (headers['streamtype'] === 'error') {
      if (!hasFin) throw new Error('nothing is said on the stream for errors');
      this.connections.push(new ServedConnection(this, headers, stream));
    } else {
      const connection = this.connections.find(({ requestId }) => requestId === headers['requestid']);
      if (!connection) throw new Error(`there is no stream for errors of ${headers['requestid']}`);
      connection.data = stream;
      this.#byStream.set(connection.error, connection);
      this.#byStream.set(stream, connection);
    }
    if (this.#server.answers) this.say(reply(stream));
  }

  #finish(end: { readonly failure?: unknown }, code: number): void {
    if (this.#end) return;
    this.#end = end;
    for (const { reject } of this.#pending.splice(0)) reject(end.failure);
    this.#settle({ code, reason: '' });
    this.#wake();
  }

  async *#read(): AsyncGenerator<Uint8Array | string, void, void> {
    try {
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
    } finally {
      void this.close();
    }
  }
}

/** One connection, as the server sees it. */
export class ServedConnection {
  readonly tunnel: ServedTunnel;
  readonly port: number;
  readonly requestId: string;
  readonly error: number;
  data = 0;
  /** What the client said. */
  heard = '';
  frames = 0;
  hasEnded = false;
  /** Streams that the client has reset. */
  readonly resets: number[] = [];

  constructor(tunnel: ServedTunnel, headers: Record<string, string>, error: number) {
    this.tunnel = tunnel;
    this.port = Number(headers['port']);
    this.requestId = headers['requestid'] ?? '';
    this.error = error;
  }

  hear(bytes: Buffer, hasFin: boolean): void {
    if (this.hasEnded) throw new Error('the client sends after its end');
    if (this.resets.length > 0) throw new Error('the client sends after its reset');
    this.heard += bytes.toString('latin1');
    this.frames++;
    this.hasEnded = hasFin;
  }

  say(text: string | Uint8Array): void {
    this.tunnel.say(encodeData(this.data, Buffer.from(text), 0));
  }

  /** The Pod has said all. */
  end(): void {
    this.tunnel.say(encodeData(this.data, new Uint8Array(0), Fin));
  }

  /** The server has nothing to say against it: it is done with both directions. */
  done(): void {
    this.tunnel.say(encodeData(this.error, new Uint8Array(0), Fin));
  }

  /** In the order in which kubelets do it. */
  fail(text: string | Uint8Array): void {
    this.tunnel.say(encodeData(this.error, Buffer.from(text), 0));
    this.reset(this.error);
  }

  reset(stream = this.data): void {
    this.tunnel.say(encodeRstStream(stream, 5));
  }
}

/** SYN_REPLY with no headers, which are not looked at. */
function reply(stream: number): Uint8Array {
  const frame = Buffer.from('80030002000000040000000000', 'hex').subarray(0, 12);
  frame.writeUInt32BE(stream, 8);
  return frame;
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
