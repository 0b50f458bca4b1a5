import { type ClientHttp2Stream, constants, type OutgoingHttpHeaders, sensitiveHeaders } from 'node:http2';
import type { Dispatcher } from 'undici/index.js';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';

const { HTTP2_HEADER_AUTHORITY, HTTP2_HEADER_METHOD, HTTP2_HEADER_PATH, HTTP2_HEADER_STATUS } = constants;
const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;

export interface StreamContext {
  readonly body: OutgoingRequest['body'];
  /** Called instead of failing when the server says that it has not looked at the request (RFC 9113 §8.7). */
  readonly again: (() => void) | undefined;
  /** Something has come. */
  readonly onActive: () => void;
  /** Called once, when another stream can take its place. */
  readonly onFree: () => void;
  readonly errorOf: (failure: Error | undefined, code: number, answered: boolean) => Error;
}

/** Lets a stream that has just been opened carry an exchange to its end. */
export function carry(stream: ClientHttp2Stream, exchange: Exchange, context: StreamContext): void {
  const { body, again, onActive, errorOf } = context;
  let { onFree } = context;
  const free = (): void => {
    onFree();
    onFree = () => {};
  };
  const controller = new StreamController(stream, free);
  let answered = false;
  exchange.onFreed = undefined;
  exchange.onRequestStart(controller);
  if (body !== null) stream.end(body);
  stream.on('headers', (headers) =>
    exchange.onResponseStart(controller, Number(headers[HTTP2_HEADER_STATUS]), headers),
  );
  stream.once('response', (headers) => {
    answered = true;
    onActive();
    const { [HTTP2_HEADER_STATUS]: status = 0, ...rest } = headers;
    exchange.onResponseStart(controller, Number(status), rest);
    // Not before: Node.js may have bytes of the body ahead of this event, and keeps them until somebody listens.
    stream.on('data', (chunk: Buffer) => {
      onActive();
      exchange.onResponseData(controller, chunk);
    });
  });
  stream.on('error', (error) => (controller.failure ??= error));
  // That the body ends says little: it does so, too, when the connection breaks.
  stream.once('close', () => {
    free();
    const { rstCode } = stream;
    if (rstCode === NGHTTP2_NO_ERROR && answered) exchange.onResponseEnd();
    else if (rstCode === NGHTTP2_REFUSED_STREAM && !answered && again && !controller.aborted) again();
    else exchange.onResponseError(controller, errorOf(controller.failure, rstCode, answered));
  });
}

/** What an exchange can do with its stream. */
class StreamController implements Dispatcher.DispatchController {
  aborted = false;
  paused = false;
  reason: Error | null = null;
  failure: Error | undefined;
  readonly #stream: ClientHttp2Stream;
  readonly #onAborted: () => void;

  /** @param onAborted - its place can be taken: who comes next is told to the server after the end of this one. */
  constructor(stream: ClientHttp2Stream, onAborted: () => void) {
    this.#stream = stream;
    this.#onAborted = onAborted;
  }

  abort(reason: Error): void {
    this.aborted = true;
    this.reason = reason;
    this.#stream.close(NGHTTP2_CANCEL);
    this.#onAborted();
  }

  pause(): void {
    this.paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.paused = false;
    this.#stream.resume();
  }
}

/** With what HTTP/2 has instead of a request line. */
export function headersOf({ method, path, headers }: OutgoingRequest): OutgoingHttpHeaders {
  const { host, ...rest } = headers;
  return {
    ...rest,
    ...(host === undefined ? {} : { [HTTP2_HEADER_AUTHORITY]: host }),
    [HTTP2_HEADER_METHOD]: method,
    [HTTP2_HEADER_PATH]: path,
    // Not to be kept in tables that compress later headers.
    [sensitiveHeaders as unknown as string]: ['authorization', 'cookie'],
  };
}
