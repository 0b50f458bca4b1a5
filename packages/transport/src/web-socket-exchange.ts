import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { onAbort } from '@client-ts/apimachinery';
import {
  checkWebSocketRequest,
  decodeHeaders,
  encodeHeaders,
  toTransportError,
  TransportError,
  WebSocketCloseTimeoutMs,
  webSocketOpened,
  type WebSocketRequest,
  type WebSocketResponse,
} from '@client-ts/rest';
import type { WebSocket } from 'ws';
import type { Acknowledged, Acknowledgements } from './acknowledgements.js';
import { connectError, refusalOf } from './connect-error.js';
import type { Connector, Endpoint } from './connector.js';
import type { ExchangeContext } from './exchange.js';
import { type Beating, checkHeartbeat, Heartbeat } from './heartbeat.js';
import { Inflow } from './inflow.js';
import { MaxHeaderBytes } from './max-header-bytes.js';
import { NodeWebSocket } from './node-web-socket.js';
import { RequestReport } from './request-report.js';
import { type Running, transportClosed } from './running.js';
import { SubprotocolTokens } from './subprotocol-tokens.js';

/** Far larger than the messages of Kubernetes' streams, which are 32 KiB, and still no danger. */
const MaxPayloadBytes = 16 * 1024 * 1024;

/** The peer is told so (RFC 6455 §7.4.1) when a transport is closed. */
const GoingAway = 1001;

export interface WebSocketContext extends ExchangeContext {
  readonly acknowledgements: Acknowledgements;
  readonly connector: Connector;
  readonly endpoint: Endpoint;
  /** For the answer to the handshake, once there is a connection; 0 for ever. */
  readonly headersTimeoutMs: number;
  /** Default: 5000. */
  readonly closeTimeoutMs?: number | undefined;
}

/** A WebSocket from the wish for one to its end. Each has a connection of its own. */
export class WebSocketExchange implements Running {
  readonly #request: WebSocketRequest;
  readonly #headers: Record<string, string | string[]>;
  readonly #subprotocols: SubprotocolTokens;
  readonly #context: WebSocketContext;
  readonly #report: RequestReport;
  /** Ends what comes before there is a WebSocket. */
  readonly #opening = new AbortController();
  readonly #unlink: (() => void) | undefined;
  #webSocket: NodeWebSocket | undefined;
  #heartbeat: Heartbeat | undefined;

  /** @throws TypeError for a request that cannot be sent. */
  constructor(request: WebSocketRequest, context: WebSocketContext) {
    const { url, headers, protocols, heartbeat, signal } = request;
    checkWebSocketRequest(request);
    if (heartbeat) checkHeartbeat(heartbeat);
    this.#request = request;
    this.#headers = encodeHeaders(headers);
    this.#subprotocols = new SubprotocolTokens(protocols);
    this.#context = context;
    const info = { method: 'GET', peer: context.peer, path: url.pathname, longRunning: true };
    this.#report = new RequestReport(info, context);
    this.#unlink = signal && onAbort(signal, () => this.#break(signal.reason));
  }

  async open(): Promise<WebSocketResponse> {
    const { signal } = this.#opening;
    const { acknowledgements, clock, connector, endpoint, headersTimeoutMs, peer } = this.#context;
    let timer: unknown;
    try {
      // Whoever needs no WebSocket need not load it.
      const { WebSocket } = await import('ws');
      const connection = await connector.connect(endpoint, ['http/1.1'], { usedFor: 'websocket', signal });
      if (headersTimeoutMs > 0) {
        timer = clock.setTimeout(() => {
          this.#break(new TransportError('timeout', `${peer}: no answer within ${headersTimeoutMs} ms`));
        }, headersTimeoutMs);
      }
      const socket = new WebSocket(this.#request.url, this.#subprotocols.tokens, {
        createConnection: () => connection,
        finishRequest: (request: ClientRequest) => this.#subprotocols.send(request),
        headers: this.#headers,
        perMessageDeflate: false,
        followRedirects: false,
        maxPayload: MaxPayloadBytes,
        maxHeaderSize: MaxHeaderBytes,
        closeTimeout: this.#context.closeTimeoutMs ?? WebSocketCloseTimeoutMs,
      } as WebSocket.ClientOptions);
      return await this.#answer(socket, connection, acknowledgements.of(connection, peer), signal);
    } catch (cause) {
      const known = signal.aborted || cause instanceof TransportError;
      const error: unknown = signal.aborted ? signal.reason : known ? cause : errorOf(cause, peer);
      this.#finish(error);
      throw error;
    } finally {
      clock.clearTimeout(timer);
    }
  }

  leave(): void {
    if (this.#webSocket) void this.#webSocket.close(GoingAway);
    else this.cut();
  }

  cut(): void {
    this.#break(transportClosed(this.#context.peer, this.#report.answered));
  }

  #break(error: unknown): void {
    if (this.#webSocket) this.#webSocket.cut(error);
    else this.#opening.abort(error);
  }

  #answer(
    socket: WebSocket,
    connection: Socket,
    acknowledged: Acknowledged,
    signal: AbortSignal,
  ): Promise<WebSocketResponse> {
    acknowledged.expect();
    return new Promise((resolve, reject) => {
      let upgrade: IncomingMessage | undefined;
      onAbort(signal, () => {
        reject(signal.reason as Error);
        socket.terminate();
      });
      // Also of those after the first: an error that nobody hears ends the program.
      socket.on('error', reject);
      socket.once('upgrade', (message) => {
        upgrade = message;
        this.#subprotocols.accept(message.headers);
      });
      socket.once('unexpected-response', (_, message) => resolve(this.#refused(message)));
      socket.once('open', () => resolve(this.#opened(socket, connection, acknowledged, upgrade)));
    });
  }

  #opened(
    socket: WebSocket,
    connection: Socket,
    acknowledged: Acknowledged,
    upgrade: IncomingMessage | undefined,
  ): WebSocketResponse {
    const { peer, clock } = this.#context;
    const webSocket = new NodeWebSocket(socket, {
      peer,
      protocol: this.#subprotocols.nameOf(socket.protocol),
      connection,
      onSend: () => acknowledged.expect(),
      onBytes: (count) => (this.#report.bytes += count),
      onClosed: (failure) => this.#finish(failure),
    });
    this.#webSocket = webSocket;
    const { heartbeat } = this.#request;
    if (heartbeat) {
      const beating: Beating = {
        bytesRead: () => connection.bytesRead,
        isHeldUp: () => socket.isPaused,
        bytesSent: () => connection.bytesWritten,
        unsentBytes: () => socket.bufferedAmount,
        ping: () => {
          acknowledged.expect();
          socket.ping();
        },
        cut: (reason) => webSocket.cut(reason),
      };
      this.#heartbeat = new Heartbeat(beating, peer, clock, heartbeat);
    }
    this.#report.answer(101);
    const headers = { ...decodeHeaders(upgrade?.headers ?? {}), 'sec-websocket-protocol': webSocket.protocol };
    return webSocketOpened(webSocket, headers);
  }

  /** The server's reason is in the body. */
  #refused(message: IncomingMessage): WebSocketResponse {
    const { statusCode: status = 0 } = message;
    const { signal } = this.#opening;
    const { peer } = this.#context;
    this.#report.answer(status);
    let failure: unknown;
    let left = false;
    const body = new Inflow<Uint8Array>({
      pause: () => message.pause(),
      resume: () => message.resume(),
      leave: () => {
        left = true;
        message.destroy();
      },
    });
    onAbort(signal, () => {
      failure = signal.reason;
      body.fail(failure, 'lost');
      message.destroy();
    });
    message.on('data', (chunk: Buffer) => body.push(chunk));
    message.once('end', () => body.end());
    message.on('error', (cause) => {
      if (!left) body.fail((failure ??= toTransportError(cause, peer, 'reading')));
    });
    message.once('close', () => this.#finish(failure));
    return { status, headers: decodeHeaders(message.headers), body, discard: () => body.discard(-1) };
  }

  #finish(failure: unknown): void {
    if (this.#report.over) return;
    if (failure === undefined) this.#report.end();
    else this.#report.fail(failure);
    this.#unlink?.();
    this.#heartbeat?.[Symbol.dispose]();
    this.#context.onOver();
  }
}

function errorOf(cause: unknown, peer: string): TransportError {
  return refusalOf(cause) === undefined ? toTransportError(cause, peer, 'sending') : connectError(cause, peer);
}
