import { once } from 'node:events';
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { type KeyPair, newCertificateAuthority } from '@client-ts/envtest';
import type { AnyPeer } from './case.js';
import { type AnswerTo, type PeerRequest, silence } from './peer.js';

const authority = await newCertificateAuthority('HTTP/2 tests');
/** Of every {@link Http2Peer}. */
export const http2Certificate: KeyPair = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });

/** Trusts every {@link Http2Peer}. */
export const http2Tls = { ca: authority.cert };

export interface Http2PeerOptions {
  /** Default: as many as Node.js lets. */
  readonly maxConcurrentStreams?: number;
  /** Ask clients for certificates of this authority. */
  readonly clientCa?: string;
  /** Say at once that nothing is wanted on this connection. */
  readonly goAway?: boolean;
  /** Asked before the answer: with a code, the stream is refused with it. */
  readonly reset?: (request: PeerRequest) => number | undefined;
}

/** The far end of a transport that speaks HTTP/2. */
export class Http2Peer implements AnyPeer {
  connections = 0;
  readonly requests: PeerRequest[] = [];
  readonly sessions = new Set<ServerHttp2Session>();
  readonly #sockets = new Set<Socket>();
  readonly #server: Http2SecureServer;
  readonly #waiting = new Set<() => void>();

  private constructor(server: Http2SecureServer) {
    this.#server = server;
  }

  static async start(
    answer: AnswerTo,
    { maxConcurrentStreams, clientCa, goAway, reset }: Http2PeerOptions = {},
  ): Promise<Http2Peer> {
    const settings = maxConcurrentStreams === undefined ? {} : { settings: { maxConcurrentStreams } };
    const server = createSecureServer({
      ...http2Certificate,
      ...settings,
      ...(clientCa === undefined ? {} : { ca: clientCa, requestCert: true }),
      maxSendHeaderBlockLength: 1_000_000,
    });
    const peer = new Http2Peer(server);
    server.on('connection', (socket: Socket) => peer.#sockets.add(socket));
    server.on('session', (session) => {
      peer.connections++;
      peer.sessions.add(session);
      session.on('error', () => {});
      session.once('close', () => peer.sessions.delete(session));
      if (goAway) session.close();
    });
    server.on(
      'stream',
      (stream: ServerHttp2Stream, _: unknown, __: unknown, raw: string[]) =>
        void peer.#serve(stream, raw, answer, reset),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path = '/'): URL {
    return new URL(path, `https://${this.host}`);
  }

  /** The request of this number, from 0, as soon as it is there. */
  async request(number = 0): Promise<PeerRequest> {
    for (;;) {
      const request = this.requests[number];
      if (request) return request;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Breaks every connection, without a word to the client. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.breakConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #serve(
    stream: ServerHttp2Stream,
    raw: readonly string[],
    answer: AnswerTo,
    reset: Http2PeerOptions['reset'],
  ): Promise<void> {
    stream.on('error', () => {});
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of stream) chunks.push(chunk as Buffer);
    } catch {
      return; // the client went before the end of its request
    }
    const pairs = raw.flatMap((name, at): [string, string][] => (at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : []));
    const pseudo = new Map(pairs);
    const request: PeerRequest = {
      method: pseudo.get(':method') ?? '',
      path: pseudo.get(':path') ?? '',
      headers: pairs.filter(([name]) => !name.startsWith(':')),
      body: Buffer.concat(chunks),
      certificate: undefined,
      left: closed.then(() => (stream.rstCode === constants.NGHTTP2_NO_ERROR ? silence() : undefined)),
    };
    this.requests.push(request);
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
    const code = reset?.(request);
    if (code !== undefined) {
      stream.close(code);
      return;
    }
    const {
      status = 200,
      headers = {},
      body = '',
      breaks,
    } = await Promise.race([answer(request), closed.then((): Record<string, never> => ({}))]);
    if (stream.destroyed) return;
    if (breaks === 'before') {
      stream.session?.destroy();
      return;
    }
    stream.respond({ ':status': status, ...headers });
    for await (const chunk of typeof body === 'string' ? [body] : body) {
      if (stream.destroyed) return;
      if (chunk.length > 0 && !stream.write(Buffer.from(chunk))) await Promise.race([closed, once(stream, 'drain')]);
    }
    // Closing it with a code would end it well first.
    if (breaks) stream.destroy(new Error('reset'));
    else stream.end();
  }
}
