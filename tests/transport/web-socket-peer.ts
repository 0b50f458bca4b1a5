import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PeerTls } from './peer.js';

/** An open WebSocket, seen from its server. */
export interface Session {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  /** Common name in the certificate that the client showed. */
  readonly certificate: string | undefined;
  /** How the client closed it. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

export interface WebSocketPeerOptions {
  readonly tls?: PeerTls;
  /** Chooses among the subprotocols that are asked for; `false` for none. Default: the first. */
  readonly choose?: (offered: readonly string[]) => string | false;
  /** Called for each WebSocket, before anything is received. */
  readonly serve?: (socket: WebSocket) => void;
  /** Bytes to answer the handshake with, instead of opening a WebSocket. */
  readonly refuse?: string;
  /** After that the connection stays open. */
  readonly lingers?: boolean;
  /** Leaves the handshake without an answer. */
  readonly silent?: boolean;
}

/** A server of WebSockets on loopback, which keeps what it saw. */
export class WebSocketPeer implements AsyncDisposable {
  readonly handshakes: IncomingMessage[] = [];
  readonly #server: Server;
  readonly #sockets: WebSocketServer;
  readonly #sessions: Session[] = [];
  readonly #waiting: ((session: Session) => void)[] = [];

  private constructor(server: Server, { choose, serve, refuse, lingers, silent }: WebSocketPeerOptions) {
    this.#server = server;
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: 256 * 1024 * 1024,
      handleProtocols: (offered) => (choose ?? (([first = '']) => first))([...offered]),
    });
    server.on('request', (_, response) => response.end('ok'));
    server.on('upgrade', (request: IncomingMessage, connection, head) => {
      this.handshakes.push(request);
      connection.on('error', () => {});
      if (silent || lingers) {
        connection.resume().once('end', () => connection.end());
        if (refuse !== undefined) connection.write(refuse);
        return;
      }
      if (refuse !== undefined) {
        connection.end(refuse);
        return;
      }
      this.#sockets.handleUpgrade(request, connection, head, (socket) => {
        socket.on('error', () => {});
        serve?.(socket);
        this.#opened({
          socket,
          request,
          certificate: (connection as Partial<TLSSocket>).getPeerCertificate?.().subject?.CN?.toString(),
          closed: once(socket, 'close').then(([code, reason]) => ({ code: code as number, reason: String(reason) })),
        });
      });
    });
  }

  static async start(options: WebSocketPeerOptions = {}): Promise<WebSocketPeer> {
    const { tls } = options;
    const server: Server = tls
      ? createTlsServer({ ...tls, ca: tls.clientCa, requestCert: tls.clientCa !== undefined })
      : createServer();
    const peer = new WebSocketPeer(server, options);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path = '/'): URL {
    return new URL(path, `${'setSecureContext' in this.#server ? 'https' : 'http'}://${this.host}`);
  }

  /** The next WebSocket that is opened, or has been and was not taken yet. */
  async session(): Promise<Session> {
    return this.#sessions.shift() ?? (await new Promise<Session>((resolve) => this.#waiting.push(resolve)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #opened(session: Session): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(session);
    else this.#sessions.push(session);
  }
}
