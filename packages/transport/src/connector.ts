import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Clock, onAbort } from '@client-ts/apimachinery';
import { connectError } from './connect-error.js';
import type { Proxy } from './proxy.js';
import { checkServerIdentity } from './server-identity.js';
import { socketEvent } from './socket-event.js';
import { openSocks5Tunnel } from './socks5-tunnel.js';
import type { TlsIdentity } from './tls-identity.js';
import type { TransportEvents } from './transport-events.js';

/** Where to connect to. */
export interface Endpoint {
  readonly secure: boolean;
  /** IPv6 addresses without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** Who this is, for messages. */
  readonly peer: string;
}

export interface ConnectorSettings {
  readonly identity: TlsIdentity;
  readonly proxy: Proxy | undefined;
  readonly events: TransportEvents;
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly tcpProbeDelayMs: number;
}

/** Opens connections, all the way through proxies and handshakes, and knows all that are open. */
export class Connector {
  readonly #settings: ConnectorSettings;
  readonly #sockets = new Set<Socket>();
  /** Ends attempts to connect. */
  readonly #closing = new AbortController();

  constructor(settings: ConnectorSettings) {
    this.#settings = settings;
  }

  /**
   * Rejects with a {@link TransportError} that is `tls` when the handshake failed, and `connect` for anything else: the
   * server has seen nothing of what it was to be asked.
   *
   * @param alpn - protocols to offer, the best first.
   */
  async connect(
    endpoint: Endpoint,
    alpn: readonly string[],
    { usedFor, signal }: { readonly usedFor?: 'websocket'; readonly signal?: AbortSignal } = {},
  ): Promise<Socket> {
    const { clock, connectTimeoutMs, events } = this.#settings;
    const { peer } = endpoint;
    const started = clock.now();
    const attempt = new AbortController();
    const stop = (): void => attempt.abort(new Error('the transport was closed'));
    const timer = clock.setTimeout(() => {
      attempt.abort(new Error(`no connection within ${connectTimeoutMs} ms`));
    }, connectTimeoutMs);
    const ends = [onAbort(this.#closing.signal, stop)];
    // The reason is for whoever aborts, and not for observers.
    const abort = (): void => attempt.abort(new Error('aborted'));
    if (signal) ends.push(onAbort(signal, abort));
    if (this.#closing.signal.aborted) stop();
    if (signal?.aborted) abort();
    try {
      const socket = await this.#open(endpoint, alpn, attempt.signal);
      this.#track(socket, peer);
      const protocol = usedFor ?? protocolOf(socket);
      events.emit({ type: 'connected', peer, protocol, durationMs: clock.now() - started });
      return socket;
    } catch (cause) {
      const error = connectError(cause, peer);
      const { failure } = error;
      events.emit({ type: 'connectFailed', peer, failure, error, durationMs: clock.now() - started });
      throw error;
    } finally {
      clock.clearTimeout(timer);
      for (const end of ends) end();
    }
  }

  /** Breaks every connection, and every attempt to make one. Resolves when they are gone. */
  async destroy(): Promise<void> {
    this.#closing.abort();
    await Promise.all(
      [...this.#sockets].map(
        (socket) =>
          new Promise<void>((resolve) => {
            socket.once('close', () => resolve()).destroy();
          }),
      ),
    );
  }

  async #open(endpoint: Endpoint, alpn: readonly string[], signal: AbortSignal): Promise<Socket> {
    const { identity, proxy, tcpProbeDelayMs } = this.#settings;
    let socket: Socket | undefined;
    try {
      socket = proxy ? await this.#openTunnel(proxy, endpoint, signal) : await openTcp(endpoint, signal);
      socket.setNoDelay(true).setKeepAlive(true, tcpProbeDelayMs);
      if (!endpoint.secure) return socket;
      const { secureContext, serverName, insecure } = identity.material;
      const name = serverName ?? endpoint.hostname;
      const secure = connectTls({
        socket,
        ...(secureContext ? { secureContext } : {}),
        // A name to check the certificate against, and to ask for unless it is an address (RFC 6066 §3).
        host: name,
        ...(isIP(name) ? {} : { servername: name }),
        checkServerIdentity,
        rejectUnauthorized: !insecure,
        ALPNProtocols: [...alpn],
      });
      socket = secure;
      await socketEvent(secure, 'secureConnect', signal);
      return secure;
    } catch (error) {
      // Nobody listens from here on, and what comes now is known already.
      socket?.on('error', () => {}).destroy();
      throw signal.aborted ? signal.reason : error;
    }
  }

  async #openTunnel(proxy: Proxy, { hostname, port }: Endpoint, signal: AbortSignal): Promise<Socket> {
    if (proxy.protocol !== 'socks5:') {
      const { proxySecureContext, insecure } = this.#settings.identity.material;
      const authority = `${isIP(hostname) === 6 ? `[${hostname}]` : hostname}:${port}`;
      // Node's HTTP takes a while to load, and is for nothing else.
      const { openHttpTunnel } = await import('./http-tunnel.js');
      return openHttpTunnel(proxy, authority, {
        trust: { secureContext: proxySecureContext(), insecure },
        signal,
      });
    }
    const socket = await openTcp(proxy, signal);
    try {
      await openSocks5Tunnel(socket, proxy.credentials, { hostname, port }, signal);
    } catch (error) {
      socket.on('error', () => {}).destroy();
      throw error;
    }
    return socket;
  }

  #track(socket: Socket, peer: string): void {
    let failure: Error | undefined;
    this.#sockets.add(socket);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // So undici says what it, or who asked for the request, did on purpose.
      if (error.code !== 'UND_ERR_INFO') failure = error;
      // An alert leaves the socket as it is; whoever takes it over later would not hear of it.
      socket.destroy(error);
    });
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#settings.events.emit({ type: 'disconnected', peer, ...(failure ? { error: failure } : {}) });
    });
  }
}

async function openTcp(
  { hostname, port }: { readonly hostname: string; readonly port: number },
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connectTcp({ host: hostname, port });
  try {
    await socketEvent(socket, 'connect', signal);
  } catch (error) {
    socket.on('error', () => {}).destroy();
    throw error;
  }
  return socket;
}

function protocolOf(socket: Socket): 'http/1.1' | 'h2' {
  return (socket as { alpnProtocol?: string | false }).alpnProtocol === 'h2' ? 'h2' : 'http/1.1';
}
