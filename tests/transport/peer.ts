import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { Server as TlsServer, type TLSSocket } from 'node:tls';

/** A request as it arrived. */
export interface PeerRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** In the order of arrival; values as the bytes that they were, one a character. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  /** Common name in the certificate that the client showed. */
  readonly certificate: string | undefined;
  /** Resolves when the client closes the connection before the whole answer was sent. */
  readonly left: Promise<void>;
}

/** What to answer, and how it ends. */
interface Reply {
  /** Default: 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Chunks are sent as they come. Default: nothing. */
  readonly body?: string | AsyncIterable<string | Uint8Array>;
  /** Break the connection: instead of an answer, or after the body. */
  readonly breaks?: 'before' | 'after';
}

export type AnswerTo = (request: PeerRequest) => Reply | Promise<Reply>;

export interface PeerTls {
  readonly cert: string;
  readonly key: string;
  /** Ask clients for certificates of this authority. */
  readonly clientCa?: string;
}

/** The far end of a transport: an HTTP server on loopback that answers what a case wants, and keeps what it saw. */
export class Peer implements AsyncDisposable {
  /** Connections accepted so far. */
  connections = 0;
  readonly requests: PeerRequest[] = [];
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(answer: AnswerTo, tls?: PeerTls, address = '127.0.0.1'): Promise<Peer> {
    const server: Server = tls
      ? createTlsServer({ ...tls, ca: tls.clientCa, requestCert: tls.clientCa !== undefined })
      : createServer();
    server.keepAliveTimeout = 60_000;
    const peer = new Peer(server);
    server.on(tls ? 'secureConnection' : 'connection', () => peer.connections++);
    server.on('request', (request, response) => void peer.#serve(request, response, answer));
    // A proxy that opens no tunnels.
    server.on('connect', (request: IncomingMessage, socket: Socket) => {
      const response = new ServerResponse(request);
      response.assignSocket(socket);
      response.once('finish', () => socket.end().resume());
      void peer.#serve(request, response, answer);
    });
    server.listen(0, address);
    await once(server, 'listening');
    return peer;
  }

  get host(): string {
    const { address, family, port } = this.#server.address() as AddressInfo;
    return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
  }

  url(path = '/'): URL {
    return new URL(path, `${'setSecureContext' in this.#server ? 'https' : 'http'}://${this.host}`);
  }

  closeIdleConnections(): void {
    this.#server.closeIdleConnections();
  }

  /** The certificate that new connections are shown. */
  setIdentity({ cert, key, clientCa }: PeerTls): void {
    if (this.#server instanceof TlsServer) this.#server.setSecureContext({ cert, key, ca: clientCa });
  }

  /** The request of this number, from 0, as soon as it is there. */
  async request(number = 0): Promise<PeerRequest> {
    for (;;) {
      const request = this.requests[number];
      if (request) return request;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse, answer: AnswerTo): Promise<void> {
    const closed = new Promise<void>((resolve) => response.once('close', resolve));
    const left = closed.then(() => (response.writableFinished ? silence() : undefined));
    const chunks: Buffer[] = [];
    try {
      // What follows a CONNECT would belong to the tunnel.
      if (incoming.method !== 'CONNECT') for await (const chunk of incoming) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went before the end of its request
    }
    const request: PeerRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      headers: pairs(incoming.rawHeaders),
      body: Buffer.concat(chunks),
      certificate: commonName(incoming.socket as Partial<TLSSocket>),
      left,
    };
    this.requests.push(request);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    const { status = 200, headers = {}, body = '', breaks } = await answer(request);
    if (breaks === 'before') {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(status, headers);
    for await (const chunk of typeof body === 'string' ? [body] : body) {
      // As bytes: together with a text, the headers would be sent in its encoding.
      if (chunk.length > 0 && !response.write(Buffer.from(chunk))) {
        await Promise.race([closed, once(response, 'drain')]);
      }
      if (response.destroyed) return;
    }
    if (breaks) response.socket?.end();
    else response.end();
  }
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? '']] : []));
}

function commonName(socket: Partial<TLSSocket>): string | undefined {
  const { subject } = socket.getPeerCertificate?.() ?? {};
  return (subject as { CN?: string } | undefined)?.CN;
}

/** An answer that never comes. */
export function silence(): Promise<never> {
  return new Promise(() => {});
}

/** A body that begins and then stays open until the client leaves or the peer is disposed of. */
export async function* open(...chunks: string[]): AsyncGenerator<string, void, void> {
  yield* chunks;
  await silence();
}
