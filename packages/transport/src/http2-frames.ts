/** Types of frames (RFC 9113 §6). */
export const FrameType = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const Flag = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

/** RFC 9113 §7, as far as it is said or understood here. */
export const ErrorCode = {
  noError: 0,
  protocolError: 1,
  flowControlError: 3,
  frameSizeError: 6,
  refusedStream: 7,
  cancel: 8,
  compressionError: 9,
  enhanceYourCalm: 11,
} as const;

/** RFC 9113 §6.5.2. */
export const Setting = {
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
  maxHeaderListSize: 6,
} as const;

/** What is sent is not larger, unless the peer asks for more. */
export const DefaultFrameSize: number = 16_384;

/**
 * What is asked for: a server then cuts a list into fewer frames. Data are handed on as they come, however large their frame;
 * what is kept until it is complete is small.
 */
export const MaxFrameSize: number = 256 * 1024;

export const HeadSize = 9;

/** The peer has not kept to RFC 9113: the connection is of no use any more. */
export class Http2Error extends Error {
  override readonly name = 'Http2Error';
  /** What the peer is told. */
  readonly errorCode: number;

  constructor(errorCode: number, message: string) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** The first bytes of a frame, before its payload. */
export function frameHead(type: number, flags: number, stream: number, length: number): Buffer {
  const head = Buffer.allocUnsafe(HeadSize);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return head;
}

/** A frame of numbers, each of four bytes. */
export function frameOf(type: number, stream: number, ...numbers: readonly number[]): Buffer {
  const frame = Buffer.allocUnsafe(HeadSize + 4 * numbers.length);
  frame.set(frameHead(type, 0, stream, 4 * numbers.length));
  for (const [at, number] of numbers.entries()) frame.writeUInt32BE(number, HeadSize + 4 * at);
  return frame;
}

/** Settings are pairs of a name, of two bytes, and a value, of four. */
export function settingsFrame(settings: readonly (readonly [name: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(6 * settings.length);
  for (const [at, [name, value]] of settings.entries()) {
    payload.writeUInt16BE(name, 6 * at);
    payload.writeUInt32BE(value, 6 * at + 2);
  }
  return Buffer.concat([frameHead(FrameType.settings, 0, 0, payload.length), payload]);
}
