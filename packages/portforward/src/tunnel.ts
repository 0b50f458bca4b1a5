import { type Clock, onAbort, realClock } from '@client-ts/apimachinery';
import {
  type Config,
  openWebSocket,
  restClientFor,
  type WebSocketConnection,
  type WebSocketHeartbeat,
} from '@client-ts/rest';
import { LostConnectionError } from './lost-connection-error.js';
import { type Grace, PortConnection, type PortSink, type PortTunnel } from './port-connection.js';
import { PortForwardError } from './port-forward-error.js';
import { SpdySession } from './spdy-session.js';

/** SPDY/3.1, and in it the protocol of port forwarding, as KEP-4006 has them in a WebSocket. */
const Protocol = 'SPDY/3.1+portforward.k8s.io';

/** Those of client-go's streams: pings keep proxies from taking silence for an end, and show that the other side is there. */
const DefaultHeartbeat: WebSocketHeartbeat = { pingIntervalMs: 5_000, silenceTimeoutMs: 61_000 };

/** As client-go does: a WebSocket's ping may end at kube-apiserver, and kubelets close what is idle for hours. */
const KeepAliveMs = 10_000;

/** How often is looked whether a server had time to say more, so that it is not a process that stood still for which it had. */
const LookMs = 250;

/** And how often at most: a second is enough for a server, and ten seconds harm nobody when there is nothing else to come. */
const MaxLooks = { brief: 4, full: 4, long: 40 } as const;

const MiB = 1024 * 1024;

/** A tunnel on which more than this waits to be sent is busy. */
const BusyBytes = MiB / 4;

/** When so much came for connections that are over, it is worth a new tunnel. */
const MaxStrayBytes = MiB;

export interface TunnelOptions {
  readonly namespace: string;
  readonly pod: string;
  /** `false` for none. Default: a ping every 5 s, and 61 s of silence are a lost connection. */
  readonly heartbeat?: WebSocketHeartbeat | false | undefined;
  /** Default: the runtime's own. */
  readonly clock?: Clock | undefined;
}

/** One WebSocket to the `portforward` subresource of a Pod, and the connections that share it. */
export class Tunnel implements PortTunnel, AsyncDisposable {
  readonly session: SpdySession;
  /** Resolves when it is gone, with the reason. */
  readonly lost: Promise<unknown>;
  readonly #pod: string;
  readonly #clock: Clock;
  readonly #socket: WebSocketConnection;
  readonly #connection: AbortController;
  readonly #onIdle: (tunnel: Tunnel) => void;
  readonly #connections = new Set<PortConnection>();
  /** Those that have no room for more, for which all have to wait. */
  readonly #held = new Set<PortConnection>();
  #wake: (() => void) | undefined;
  #unsent = 0;
  #requestId = 0;
  #keepAlive: unknown;
  #isLost = false;
  #settleLost!: (reason: unknown) => void;

  private constructor(
    socket: WebSocketConnection,
    connection: AbortController,
    { pod, clock = realClock }: TunnelOptions,
    onIdle: (tunnel: Tunnel) => void,
  ) {
    this.#socket = socket;
    this.#connection = connection;
    this.#pod = pod;
    this.#clock = clock;
    this.#onIdle = onIdle;
    this.lost = new Promise((resolve) => {
      this.#settleLost = resolve;
    });
    this.session = new SpdySession((frame) => this.#send(frame));
    this.#scheduleKeepAlive();
    void this.#receive();
  }

  /**
   * @param signal - ends the opening; the open tunnel is no concern of it.
   * @param onIdle - told when the last connection has left.
   */
  static async open(
    config: Config,
    options: TunnelOptions,
    signal: AbortSignal,
    onIdle: (tunnel: Tunnel) => void,
  ): Promise<Tunnel> {
    const { namespace, pod: name, heartbeat = DefaultHeartbeat } = options;
    const connection = new AbortController();
    signal.throwIfAborted();
    const unlink = onAbort(signal, () => connection.abort(signal.reason));
    try {
      const target = { group: '', version: 'v1', resource: 'pods', namespace, name, subresource: 'portforward' };
      const socket = await openWebSocket(
        restClientFor(config),
        { target },
        {
          protocols: [Protocol],
          heartbeat: heartbeat === false ? undefined : heartbeat,
          signal: connection.signal,
        },
      );
      return new Tunnel(socket, connection, options, onIdle);
    } finally {
      unlink();
    }
  }

  /** Whether new connections can be made. */
  get isUsable(): boolean {
    return !this.#isLost && this.session.takesStreams && this.session.strayBytes <= MaxStrayBytes;
  }

  /** Whether a new connection would have to wait for others. */
  get isBusy(): boolean {
    return this.#held.size > 0 || this.#unsent > BusyBytes;
  }

  get size(): number {
    return this.#connections.size;
  }

  connect(port: number, sink: PortSink, signal?: AbortSignal): PortConnection {
    if (!this.isUsable) throw new LostConnectionError(`lost connection to pod ${JSON.stringify(this.#pod)}`);
    const target = { pod: this.#pod, port, requestId: this.#requestId++ };
    const connection = new PortConnection(this, target, sink, signal);
    this.#connections.add(connection);
    return connection;
  }

  hold(connection: PortConnection, isHeld: boolean): void {
    if (isHeld) {
      this.#held.add(connection);
      return;
    }
    this.#held.delete(connection);
    if (this.#held.size > 0) return;
    this.#wake?.();
    this.#wake = undefined;
  }

  leave(connection: PortConnection): void {
    this.hold(connection, false);
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onIdle(this);
  }

  async grace(how: Grace): Promise<void> {
    const answer = how === 'brief' ? this.session.ping() : new Promise<never>(() => {});
    let timer: unknown;
    const listened = new Promise<void>((resolve) => {
      const look = (left: number): void => {
        if (left === 0 || this.#isLost) resolve();
        // Nothing can be heard while a connection has no room.
        else timer = this.#keepingNothingAlive(() => look(this.#held.size > 0 ? left : left - 1), LookMs);
      };
      look(MaxLooks[how]);
    });
    await Promise.race([answer, listened]);
    this.#clock.clearTimeout(timer);
  }

  /** Ends it at once, with all its connections. */
  cut(reason: unknown): void {
    if (this.#isLost) return;
    this.#connection.abort(reason);
    this.#end(reason);
  }

  /** Ends all connections, says farewell, and resolves when the tunnel is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#connections) connection.dispose();
    if (!this.#isLost) {
      const reason = new PortForwardError('disposed', `pod ${JSON.stringify(this.#pod)}: the tunnel was disposed of`);
      // A farewell would wait behind what the peer does not take.
      if (this.isBusy) this.cut(reason);
      else {
        this.session.goAway();
        this.#end(reason);
        void this.#socket.close();
      }
    }
    await this.#socket.closed;
  }

  async #receive(): Promise<void> {
    try {
      for await (const message of this.#socket.messages) {
        if (this.#isLost) return;
        if (typeof message === 'string') throw new PortForwardError('protocol', 'SPDY: the server sent a text');
        this.session.receive(message);
        if (this.#held.size > 0) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
      this.#lose(undefined);
    } catch (cause) {
      this.#lose(cause);
    }
  }

  #lose(cause: unknown): void {
    if (this.#isLost) return;
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    const options = cause === undefined ? undefined : { cause };
    this.#end(new LostConnectionError(`lost connection to pod ${JSON.stringify(this.#pod)}${why}`, options));
  }

  #end(reason: unknown): void {
    this.#isLost = true;
    this.#clock.clearTimeout(this.#keepAlive);
    for (const connection of this.#connections) connection.reset(reason);
    this.#wake?.();
    this.#settleLost(reason);
  }

  async #send(frame: Uint8Array): Promise<void> {
    this.#unsent += frame.length;
    try {
      await this.#socket.send(frame);
    } catch (cause) {
      this.#lose(cause);
      throw cause;
    } finally {
      this.#unsent -= frame.length;
    }
  }

  #scheduleKeepAlive(): void {
    this.#keepAlive = this.#keepingNothingAlive(() => {
      if (!this.isBusy) void this.session.ping();
      this.#scheduleKeepAlive();
    }, KeepAliveMs);
  }

  /** A timer that no process waits for. */
  #keepingNothingAlive(callback: () => void, ms: number): unknown {
    const timer = this.#clock.setTimeout(callback, ms);
    (timer as { readonly unref?: () => void } | undefined)?.unref?.();
    return timer;
  }
}
