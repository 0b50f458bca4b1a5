import { PortForwardError } from './port-forward-error.js';
import { ControlBit, ControlType, Fin, HeaderBytes, MaxId, Version } from './spdy-frame.js';

/** What frames say, in the order in which they came. */
export interface FrameHandler {
  /** A part of what a data frame has: never empty, and part of the piece that was read. */
  data(streamId: number, bytes: Uint8Array): void;
  /** The peer sends no more on this stream. */
  fin(streamId: number): void;
  /** The peer opens a stream. */
  synStream(streamId: number): void;
  synReply(streamId: number): void;
  rstStream(streamId: number, status: number): void;
  ping(id: number): void;
  goAway(): void;
}

/** How much of a control frame is looked at: of headers, which say nothing that is needed, not even the beginning. */
const NeededBytes: Readonly<Record<number, number>> = {
  [ControlType.synStream]: 4,
  [ControlType.synReply]: 4,
  [ControlType.rstStream]: 8,
  [ControlType.ping]: 4,
  [ControlType.goAway]: 4,
  [ControlType.headers]: 4,
};

/**
 * Reads SPDY/3.1 frames from pieces that are cut anywhere. Whatever the peer sends, no more than 16 bytes are kept: data are handed
 * on as they come, and headers are skipped, compressed as they are.
 */
export class FrameReader {
  readonly #handler: FrameHandler;
  /** Of a frame, its header and what is needed of a control frame. */
  readonly #head = new Uint8Array(HeaderBytes + 8);
  readonly #words = new DataView(this.#head.buffer);
  #filled = 0;
  #needed = HeaderBytes;
  /** What is left of the frame beyond its head. */
  #rest = 0;

  constructor(handler: FrameHandler) {
    this.#handler = handler;
  }

  /** @throws PortForwardError (`protocol`) for what is no SPDY/3.1; nothing more can be read then. */
  read(piece: Uint8Array): void {
    for (let at = 0; at < piece.length;) {
      if (this.#filled < this.#needed) {
        const part = piece.subarray(at, at + this.#needed - this.#filled);
        this.#head.set(part, this.#filled);
        this.#filled += part.length;
        at += part.length;
        if (this.#filled < this.#needed) return;
        if (this.#filled === HeaderBytes) this.#begin();
      } else {
        const part = piece.subarray(at, at + this.#rest);
        this.#rest -= part.length;
        at += part.length;
        if (!this.#isControl) this.#handler.data(this.#words.getUint32(0), part);
      }
      if (this.#filled === this.#needed && this.#rest === 0) this.#end();
    }
  }

  get #isControl(): boolean {
    return this.#words.getUint32(0) >= ControlBit;
  }

  #begin(): void {
    const first = this.#words.getUint32(0);
    const length = this.#words.getUint32(4) % 2 ** 24;
    this.#rest = length;
    if (first < ControlBit) {
      if (first === 0) throw protocolError('data for stream 0');
      return;
    }
    const version = (first >>> 16) & 0x7fff;
    if (version !== Version) throw protocolError(`a frame of version ${version}; expected ${Version}`);
    const type = first & 0xffff;
    const needed = NeededBytes[type] ?? 0;
    if (length < needed)
      throw protocolError(`a control frame of type ${type} with ${length} bytes; expected ${needed} or more`);
    this.#needed = HeaderBytes + needed;
    this.#rest = length - needed;
  }

  #end(): void {
    const isControl = this.#isControl;
    this.#filled = 0;
    this.#needed = HeaderBytes;
    const hasFin = ((this.#head[4] ?? 0) & Fin) !== 0;
    if (!isControl) {
      if (hasFin) this.#handler.fin(this.#words.getUint32(0));
      return;
    }
    const id = this.#words.getUint32(HeaderBytes) & MaxId;
    switch (this.#words.getUint16(2)) {
      case ControlType.synStream:
        this.#handler.synStream(id);
        break;
      case ControlType.synReply:
        this.#handler.synReply(id);
        if (hasFin) this.#handler.fin(id);
        break;
      case ControlType.headers:
        if (hasFin) this.#handler.fin(id);
        break;
      case ControlType.rstStream:
        this.#handler.rstStream(id, this.#words.getUint32(HeaderBytes + 4));
        break;
      case ControlType.ping:
        this.#handler.ping(this.#words.getUint32(HeaderBytes));
        break;
      case ControlType.goAway:
        this.#handler.goAway();
        break;
      // SETTINGS, WINDOW_UPDATE and what is not known ask for nothing.
    }
  }
}

function protocolError(what: string): PortForwardError {
  return new PortForwardError('protocol', `SPDY: the server sent ${what}`);
}
