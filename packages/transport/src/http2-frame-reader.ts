import { ErrorCode, Flag, FrameType, HeadSize, Http2Error, MaxFrameSize } from './http2-frames.js';

export interface FrameSink {
  /** A frame that is not of data. */
  frame(type: number, flags: number, stream: number, payload: Buffer): void;
  /** A frame of data begins; `length` is what flow control counts. */
  dataStart(stream: number, length: number): void;
  /** A part of it. */
  data(chunk: Buffer): void;
  /** All of it has come. */
  dataEnd(flags: number): void;
}

/** Cuts what comes into frames. Data are handed on as they come, without a copy; other frames as a whole. */
export class FrameReader {
  readonly #sink: FrameSink;
  readonly #head = Buffer.alloc(HeadSize);
  #headLength = 0;
  #state: 'head' | 'payload' | 'data' = 'head';
  #flags = 0;
  /** What has come of a payload. */
  #payload = Buffer.alloc(0);
  #payloadLength = 0;
  /** Of data: what has not come yet of them, and of the padding behind them. */
  #dataLeft = 0;
  #paddingLeft = 0;
  #expectsPadLength = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** @throws Http2Error, and whatever the sink throws. */
  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'head') at = this.#readHead(chunk, at);
      else if (this.#state === 'payload') at = this.#readPayload(chunk, at);
      else at = this.#readData(chunk, at);
    }
  }

  #readHead(chunk: Buffer, start: number): number {
    const at = start + chunk.copy(this.#head, this.#headLength, start, start + HeadSize - this.#headLength);
    this.#headLength += at - start;
    if (this.#headLength < HeadSize) return at;
    this.#headLength = 0;
    const head = this.#head;
    const length = head.readUIntBE(0, 3);
    if (length > MaxFrameSize) throw new Http2Error(ErrorCode.frameSizeError, `a frame of ${length} bytes`);
    const flags = (this.#flags = head[4] ?? 0);
    if (head[3] === FrameType.data) {
      this.#expectsPadLength = (flags & Flag.padded) !== 0;
      if (this.#expectsPadLength && length === 0)
        throw new Http2Error(ErrorCode.frameSizeError, 'padding without length');
      this.#dataLeft = length;
      this.#sink.dataStart(this.#stream(), length);
      this.#state = 'data';
      this.#endData();
      return at;
    }
    if (chunk.length - at < length) {
      this.#payload = Buffer.allocUnsafe(length);
      this.#payloadLength = 0;
      this.#state = 'payload';
      return at;
    }
    this.#sink.frame(head[3] ?? 0, flags, this.#stream(), chunk.subarray(at, at + length));
    return at + length;
  }

  /** The first bit has no meaning. */
  #stream(): number {
    return this.#head.readUInt32BE(5) & 0x7fffffff;
  }

  #readPayload(chunk: Buffer, start: number): number {
    const payload = this.#payload;
    const at = start + chunk.copy(payload, this.#payloadLength, start);
    this.#payloadLength += at - start;
    if (this.#payloadLength === payload.length) {
      this.#state = 'head';
      this.#sink.frame(this.#head[3] ?? 0, this.#flags, this.#stream(), payload);
    }
    return at;
  }

  #readData(chunk: Buffer, start: number): number {
    let at = start;
    if (this.#expectsPadLength) {
      this.#expectsPadLength = false;
      const padding = chunk[at++] ?? 0;
      this.#dataLeft -= 1 + padding;
      this.#paddingLeft = padding;
      if (this.#dataLeft < 0) throw new Http2Error(ErrorCode.protocolError, 'more padding than data');
    } else if (this.#dataLeft > 0) {
      const part = chunk.subarray(at, at + this.#dataLeft);
      at += part.length;
      this.#dataLeft -= part.length;
      this.#sink.data(part);
    } else {
      const skipped = Math.min(this.#paddingLeft, chunk.length - at);
      at += skipped;
      this.#paddingLeft -= skipped;
    }
    this.#endData();
    return at;
  }

  #endData(): void {
    if (this.#dataLeft > 0 || this.#paddingLeft > 0 || this.#expectsPadLength) return;
    this.#state = 'head';
    this.#sink.dataEnd(this.#flags);
  }
}
