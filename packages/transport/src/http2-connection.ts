import type { Socket } from 'node:net';
import type { Exchange } from './exchange.js';
import type { OutgoingRequest } from './exchange-pool.js';
import { type AnswerHead, HeaderBlocks } from './header-blocks.js';
import { encodeRequest } from './hpack-encoder.js';
import { FrameReader, type FrameSink } from './http2-frame-reader.js';
import {
  DefaultFrameSize,
  ErrorCode,
  Flag,
  frame,
  frameHead,
  frameOf,
  FrameType,
  Http2Error,
  MaxFrameSize,
  Setting,
  settingsFrame,
} from './http2-frames.js';
import { Http2Stream, type StreamCarrier } from './http2-stream.js';
import { HpackError } from './hpack-decoder.js';
import { MaxHeaderBytes } from './max-header-bytes.js';

/** What a client says first (RFC 9113 §3.4). */
const Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Of the connection and of each stream, until something else is agreed. */
const DefaultWindow = 65_535;
const MaxWindow = 2 ** 31 - 1;

/** For all streams together. What arrives is acknowledged at once, so slow readers do not hold up others. */
const ConnectionWindow = 16 * 1024 * 1024;

/** So few at once have nothing to gain from going out together. */
const MaxLonely = 2;

/** Answers to pings and settings that the peer has asked for, and does not take. */
const MaxUnsentAnswers = 1000;

export interface Http2ConnectionSettings extends Pick<StreamCarrier, 'windowBytes' | 'now' | 'errorOf'> {
  readonly authority: string;
  /** The peer has said how many streams it wants at most, if it cares. */
  readonly onSettings: (maxStreams: number | undefined) => void;
  /** The peer wants no more streams. */
  readonly onGoAway: () => void;
  /** Another stream may take the place of one. */
  readonly onFree: () => void;
  /** Something has come. */
  readonly onActive: () => void;
  /** The peer has not kept to the rules; the connection is broken now. */
  readonly onFault: (error: Error) => void;
}

/** The rules of HTTP/2 (RFC 9113) for a client, on a socket that has agreed on `h2`. */
export class Http2Connection implements FrameSink, StreamCarrier {
  readonly windowBytes: number;
  readonly streams: Map<number, Http2Stream> = new Map();
  readonly #socket: Socket;
  readonly #settings: Http2ConnectionSettings;
  readonly #headers = new HeaderBlocks();
  /** What goes out with this turn: texts have a character for each byte. */
  readonly #out: (string | Buffer)[] = [];
  #isFlushing = false;
  #unsentAnswers = 0;
  #lastStream = -1;
  #isGreeted = false;
  #isClosed = false;
  #initialWindow = DefaultWindow;
  #maxFrameSize = DefaultFrameSize;
  #sendWindow = DefaultWindow;
  #receiveWindow = ConnectionWindow;
  #unacknowledged = 0;
  /** What the data are of that come now. */
  #dataStream: Http2Stream | undefined;
  #pings = 0;
  #onPong: (() => void) | undefined;

  constructor(socket: Socket, settings: Http2ConnectionSettings) {
    this.#socket = socket;
    this.#settings = settings;
    this.windowBytes = settings.windowBytes;
    const reader = new FrameReader(this);
    socket.on('data', (chunk: Buffer) => {
      settings.onActive();
      try {
        reader.push(chunk);
      } catch (error) {
        this.#fault(error as Error);
      }
    });
    const greeting = settingsFrame([
      [Setting.enablePush, 0],
      [Setting.initialWindowSize, settings.windowBytes],
      [Setting.maxFrameSize, MaxFrameSize],
      [Setting.maxHeaderListSize, MaxHeaderBytes],
    ]);
    this.#send(Preface + greeting + frameOf(FrameType.windowUpdate, 0, ConnectionWindow - DefaultWindow));
  }

  /** Whether there are numbers left for further streams. */
  get canOpen(): boolean {
    return !this.#isClosed && this.#lastStream < MaxWindow - 2;
  }

  /** @throws TypeError for headers that cannot be sent. */
  open(exchange: Exchange, request: OutgoingRequest, again: (() => void) | undefined): Http2Stream {
    const { method, path, headers, body } = request;
    const block = encodeRequest(method, this.#settings.authority, path, headers);
    const id = this.#lastStream + 2;
    const stream = new Http2Stream(id, { carrier: this, sendWindow: this.#initialWindow }, exchange, request, again);
    exchange.onFreed = undefined;
    exchange.onRequestStart(stream);
    this.#lastStream = id;
    this.streams.set(id, stream);
    this.#sendHeaders(id, block, body === null ? Flag.endStream : 0);
    if (body !== null) this.#sendBody(stream);
    return stream;
  }

  /** Calls back with the answer. One at a time. */
  ping(onPong: () => void): void {
    this.#onPong = onPong;
    this.#send(frame(FrameType.ping, 0, 0, pingPayload(++this.#pings)));
  }

  /** Ends it in good order: streams have to be gone. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#send(frameOf(FrameType.goAway, 0, 0, ErrorCode.noError));
    this.#flush();
    this.#socket.end(() => this.#socket.destroy());
  }

  /** The socket is gone. */
  fail(errorOf: (answered: boolean) => Error): void {
    this.#isClosed = true;
    for (const stream of this.streams.values()) stream.fail(errorOf(stream.answered));
  }

  now(): number {
    return this.#settings.now();
  }

  errorOf(answered: boolean, reason: string): Error {
    return this.#settings.errorOf(answered, reason);
  }

  widen({ id }: Http2Stream, bytes: number): void {
    this.#send(frameOf(FrameType.windowUpdate, id, bytes));
  }

  leave({ id }: Http2Stream, code: number | undefined): void {
    this.streams.delete(id);
    if (code !== undefined) this.#send(frameOf(FrameType.resetStream, id, code));
    this.#settings.onFree();
  }

  frame(type: number, flags: number, id: number, payload: Buffer): void {
    if (this.#isClosed) return;
    if (!this.#isGreeted && type !== FrameType.settings) throw fault('it does not begin with its settings');
    if (type === FrameType.continuation) {
      this.#onHeaders(this.#headers.continue(flags, id, payload));
      return;
    }
    this.#expectNoContinuation();
    if (type === FrameType.headers) {
      this.#expectKnown(id);
      this.#onHeaders(this.#headers.begin(flags, id, payload));
    } else if (type === FrameType.settings) this.#onSettings(flags, payload);
    else if (type === FrameType.windowUpdate) this.#onWindowUpdate(id, numberIn(payload));
    else if (type === FrameType.resetStream) this.#onReset(id, numberIn(payload));
    else if (type === FrameType.ping) this.#onPing(flags, payload);
    else if (type === FrameType.goAway) this.#onGoAway(numberIn(payload));
    else if (type === FrameType.pushPromise) throw fault('it pushes what nobody asked for');
  }

  dataStart(id: number, length: number): void {
    if (this.#isClosed) return;
    this.#expectNoContinuation();
    this.#expectKnown(id);
    this.#receiveWindow -= length;
    this.#unacknowledged += length;
    const stream = this.streams.get(id);
    this.#dataStream = stream;
    if (this.#receiveWindow < 0 || (stream && !stream.expect(length))) {
      throw new Http2Error(ErrorCode.flowControlError, 'it sends more than it may');
    }
    if (this.#unacknowledged < ConnectionWindow / 8) return;
    this.#receiveWindow += this.#unacknowledged;
    this.#send(frameOf(FrameType.windowUpdate, 0, this.#unacknowledged));
    this.#unacknowledged = 0;
  }

  data(chunk: Buffer): void {
    this.#dataStream?.data(chunk);
  }

  dataEnd(flags: number): void {
    if (flags & Flag.endStream) this.#dataStream?.end();
    this.#dataStream = undefined;
  }

  #onHeaders(head: AnswerHead | undefined): void {
    if (!head) return;
    const stream = this.streams.get(head.stream);
    if (head.problem === undefined) stream?.headers(head.status, head.headers, head.isLast);
    else stream?.malformed(head.problem);
  }

  #onSettings(flags: number, payload: Buffer): void {
    if (flags & Flag.ack) return;
    if (payload.length % 6 !== 0) throw new Http2Error(ErrorCode.frameSizeError, 'settings that are cut off');
    let maxStreams: number | undefined;
    for (let at = 0; at < payload.length; at += 6) {
      const value = payload.readUInt32BE(at + 2);
      const name = payload.readUInt16BE(at);
      if (name === Setting.maxConcurrentStreams) maxStreams = value;
      else if (name === Setting.initialWindowSize) this.#resizeWindows(value);
      else if (name === Setting.maxFrameSize && value >= DefaultFrameSize)
        this.#maxFrameSize = Math.min(value, 2 ** 24 - 1);
    }
    this.#isGreeted = true;
    this.#answer(frame(FrameType.settings, Flag.ack, 0, ''));
    this.#settings.onSettings(maxStreams);
  }

  #resizeWindows(size: number): void {
    if (size > MaxWindow) throw new Http2Error(ErrorCode.flowControlError, 'a window that is too large');
    const change = size - this.#initialWindow;
    this.#initialWindow = size;
    for (const stream of this.streams.values()) {
      stream.sendWindow += change;
      this.#sendBody(stream);
    }
  }

  #onWindowUpdate(id: number, increment: number): void {
    if (id === 0) {
      this.#sendWindow += increment;
      if (this.#sendWindow > MaxWindow) throw new Http2Error(ErrorCode.flowControlError, 'a window that is too large');
      for (const stream of this.streams.values()) this.#sendBody(stream);
      return;
    }
    this.#expectKnown(id);
    const stream = this.streams.get(id);
    if (!stream) return;
    stream.sendWindow += increment;
    if (stream.sendWindow > MaxWindow) throw new Http2Error(ErrorCode.flowControlError, 'a window that is too large');
    this.#sendBody(stream);
  }

  #onReset(id: number, code: number): void {
    this.#expectKnown(id);
    this.streams.get(id)?.reset(code);
  }

  #onPing(flags: number, payload: Buffer): void {
    if (payload.length !== 8) throw new Http2Error(ErrorCode.frameSizeError, 'a ping of another size');
    const text = payload.toString('latin1');
    if (!(flags & Flag.ack)) this.#answer(frame(FrameType.ping, Flag.ack, 0, text));
    else if (text === pingPayload(this.#pings)) this.#onPong?.();
  }

  /** Streams after the last one that the peer names it has not looked at. */
  #onGoAway(lastStream: number): void {
    this.#settings.onGoAway();
    for (const stream of this.streams.values()) {
      if (stream.id > lastStream) stream.reset(ErrorCode.refusedStream);
    }
  }

  #expectNoContinuation(): void {
    if (this.#headers.areUnfinished) throw fault('headers are interrupted');
  }

  #expectKnown(id: number): void {
    if (id > this.#lastStream || id % 2 === 0) throw fault(`a frame of stream ${id}, which nobody has opened`);
  }

  #sendHeaders(id: number, block: string, flags: number): void {
    let type: number = FrameType.headers;
    for (let at = 0; at < block.length; type = FrameType.continuation) {
      const part = block.slice(at, at + this.#maxFrameSize);
      at += part.length;
      const end = at === block.length ? Flag.endHeaders : 0;
      this.#send(frame(type, type === FrameType.headers ? flags | end : end, id, part));
    }
  }

  /** As much as the peer takes. */
  #sendBody(stream: Http2Stream): void {
    const { unsent, id } = stream;
    if (!unsent) return;
    let at = 0;
    for (;;) {
      const allowed = Math.max(0, Math.min(stream.sendWindow, this.#sendWindow, this.#maxFrameSize));
      const part = unsent.subarray(at, at + allowed);
      at += part.length;
      const isLast = at === unsent.length;
      if (part.length === 0 && !isLast) break;
      stream.sendWindow -= part.length;
      this.#sendWindow -= part.length;
      this.#send(frameHead(FrameType.data, isLast ? Flag.endStream : 0, id, part.length));
      this.#send(part);
      if (!isLast) continue;
      stream.unsent = undefined;
      return;
    }
    stream.unsent = unsent.subarray(at);
  }

  /** What the peer asks for, and could ask for without end. */
  #answer(text: string): void {
    if (++this.#unsentAnswers > MaxUnsentAnswers) {
      throw new Http2Error(ErrorCode.enhanceYourCalm, 'it asks for more than it takes');
    }
    this.#send(text);
  }

  /**
   * All of one turn of the event loop goes out at once: in one record of TLS, and one call of the operating system, here and at the
   * server. Whoever is alone need not wait for others.
   */
  #send(bytes: string | Buffer): void {
    this.#out.push(bytes);
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    const flush = (): void => this.#flush();
    if (this.streams.size > MaxLonely) setImmediate(flush);
    else queueMicrotask(flush);
  }

  #flush(): void {
    this.#isFlushing = false;
    const out = this.#out.splice(0);
    if (out.length === 0 || !this.#socket.writable) return;
    const answers = this.#unsentAnswers;
    const sent = answers === 0 ? undefined : (): void => void (this.#unsentAnswers -= answers);
    if (out.every((bytes) => typeof bytes === 'string')) this.#socket.write(out.join(''), 'latin1', sent);
    else this.#socket.write(Buffer.concat(out.map((bytes) => toBytes(bytes))), sent);
  }

  #fault(error: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const code = error instanceof Http2Error ? error.errorCode : ErrorCode.compressionError;
    this.#send(frameOf(FrameType.goAway, 0, 0, code));
    this.#flush();
    const isOurs = error instanceof Http2Error || error instanceof HpackError;
    this.#settings.onFault(isOurs ? new Error(`the peer does not keep to HTTP/2: ${error.message}`) : error);
  }
}

function toBytes(bytes: string | Buffer): Buffer {
  return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
}

/** Of eight bytes, a character for each. */
function pingPayload(number: number): string {
  return String(number).padStart(8).slice(-8);
}

function fault(message: string): Http2Error {
  return new Http2Error(ErrorCode.protocolError, message);
}

/** Without the first bit, which has no meaning. */
function numberIn(payload: Buffer): number {
  if (payload.length < 4) throw new Http2Error(ErrorCode.frameSizeError, 'a frame without its number');
  return payload.readUInt32BE(0) & 0x7fffffff;
}
