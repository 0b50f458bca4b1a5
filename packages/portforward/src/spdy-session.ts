import { SpareBuffers } from '@client-ts/apimachinery';
import { type FrameHandler, FrameReader } from './frame-reader.js';
import { HeaderBlocks } from './header-blocks.js';
import {
  encodeData,
  encodeGoAway,
  encodePing,
  encodeRstStream,
  encodeSynStream,
  Fin,
  MaxId,
  ResetStatus,
} from './spdy-frame.js';

/** What happens to a stream, until it is over: after that nothing is told. */
export interface StreamEvents {
  /** The peer has taken the stream. */
  replied(): void;
  data(bytes: Uint8Array): void;
  /** The peer sends no more. */
  fin(): void;
  /** The peer has ended both directions. */
  reset(status: number): void;
}

/** Resolves when the frame is out, and may be changed; whether it rejects is of no concern here. */
export type SendFrame = (frame: Uint8Array) => Promise<void>;

/**
 * The client's side of a SPDY/3.1 session, as the servers of Kubernetes speak it: they open no streams, send no headers that
 * matter, and know no windows. So nothing but reading or not reading the whole session is back-pressure.
 */
export class SpdySession {
  readonly #send: SendFrame;
  readonly #headers = new HeaderBlocks();
  readonly #streams = new Map<number, Stream>();
  readonly #pings = new Map<number, () => void>();
  readonly #reader: FrameReader;
  readonly #buffers = new SpareBuffers();
  #nextStream = 1;
  #nextPing = 1;
  #isGoingAway = false;
  #strayBytes = 0;

  constructor(send: SendFrame) {
    this.#send = send;
    const of = (id: number): Stream | undefined => this.#streams.get(id);
    const handler: FrameHandler = {
      data: (id, bytes) => {
        const stream = of(id);
        if (stream && !stream.isRemoteDone) stream.events.data(bytes);
        else this.#strayBytes += bytes.length;
      },
      fin: (id) => of(id)?.finish(),
      synReply: (id) => of(id)?.events.replied(),
      rstStream: (id, status) => {
        const stream = of(id);
        stream?.forget();
        stream?.events.reset(status);
      },
      synStream: (id) => this.#tell(encodeRstStream(id, ResetStatus.refusedStream)),
      ping: (id) => this.#pong(id),
      goAway: () => {
        this.#isGoingAway = true;
      },
    };
    this.#reader = new FrameReader(handler);
  }

  /** Whether streams can be opened: not after a farewell of the peer, and not when there are no numbers left. */
  get takesStreams(): boolean {
    return !this.#isGoingAway && this.#nextStream <= MaxId;
  }

  /** How much has come for streams that were over. The servers go on sending after a reset for as long as the Pod does. */
  get strayBytes(): number {
    return this.#strayBytes;
  }

  /** @throws PortForwardError (`protocol`). */
  receive(piece: Uint8Array): void {
    this.#reader.read(piece);
  }

  /** @param flags - `Fin` for a stream that we send nothing on. */
  open(headers: Readonly<Record<string, string>>, events: StreamEvents, flags = 0): SpdyStream {
    const id = this.#nextStream;
    this.#nextStream += 2;
    const stream = new Stream(id, events, this.#send, this.#buffers, () => this.#streams.delete(id));
    stream.isLocalDone = (flags & Fin) !== 0;
    this.#streams.set(id, stream);
    this.#tell(encodeSynStream(id, this.#headers.encode(headers), flags));
    return stream;
  }

  /** Resolves with the answer of the peer, which may be never. */
  ping(): Promise<void> {
    const id = this.#nextPing;
    this.#nextPing = id >= MaxId ? 1 : id + 2;
    this.#tell(encodePing(id));
    return new Promise((resolve) => this.#pings.set(id, resolve));
  }

  /** Has the peer close the session; what is on the way can still come. */
  goAway(): void {
    this.#tell(encodeGoAway());
  }

  #pong(id: number): void {
    if (id % 2 === 0) {
      this.#tell(encodePing(id));
      return;
    }
    this.#pings.get(id)?.();
    this.#pings.delete(id);
  }

  #tell(frame: Uint8Array): void {
    this.#send(frame).catch(() => undefined);
  }
}

/** A stream that we have opened. */
export interface SpdyStream {
  readonly isLocalDone: boolean;
  /** Must not be called after {@link end} or {@link reset}. The bytes are copied at once. */
  write(bytes: Uint8Array): Promise<void>;
  /** Sends no more; does nothing after that. */
  end(): Promise<void>;
  /** Ends both directions, and hears no more. Does nothing after the end of both. */
  reset(): void;
}

class Stream implements SpdyStream {
  readonly events: StreamEvents;
  readonly forget: () => void;
  isLocalDone = false;
  isRemoteDone = false;
  readonly #id: number;
  readonly #send: SendFrame;
  readonly #buffers: SpareBuffers;

  constructor(id: number, events: StreamEvents, send: SendFrame, buffers: SpareBuffers, forget: () => void) {
    this.#id = id;
    this.events = events;
    this.#send = send;
    this.#buffers = buffers;
    this.forget = () => {
      this.isLocalDone = true;
      this.isRemoteDone = true;
      forget();
    };
  }

  /** The peer sends no more. */
  finish(): void {
    if (this.isRemoteDone) return;
    this.isRemoteDone = true;
    if (this.isLocalDone) this.forget();
    this.events.fin();
  }

  async write(bytes: Uint8Array): Promise<void> {
    const frame = encodeData(this.#id, bytes, 0, this.#buffers);
    await this.#send(frame);
    this.#buffers.give(frame);
  }

  async end(): Promise<void> {
    if (this.isLocalDone) return;
    this.isLocalDone = true;
    if (this.isRemoteDone) this.forget();
    await this.#send(encodeData(this.#id, new Uint8Array(0), Fin));
  }

  reset(): void {
    if (this.isLocalDone && this.isRemoteDone) return;
    this.forget();
    this.#send(encodeRstStream(this.#id, ResetStatus.cancel)).catch(() => undefined);
  }
}
