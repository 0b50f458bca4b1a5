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

/** A frame, a character for each byte: what is small is cheaper so, and many together are one text. */
export function frame(type: number, flags: number, stream: number, payload: string): string {
  return frameHead(type, flags, stream, payload.length) + payload;
}

/** What comes before the payload of a frame. */
export function frameHead(type: number, flags: number, stream: number, length: number): string {
  return (
    String.fromCharCode((length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff, type, flags) + fourBytes(stream)
  );
}

/** A frame of numbers, each of four bytes. */
export function frameOf(type: number, stream: number, ...numbers: readonly number[]): string {
  return frame(type, 0, stream, numbers.map(fourBytes).join(''));
}

/** Settings are pairs of a name, of two bytes, and a value, of four. */
export function settingsFrame(settings: readonly (readonly [name: number, value: number])[]): string {
  const pairs = settings.map(([name, value]) => String.fromCharCode(name >>> 8, name & 0xff) + fourBytes(value));
  return frame(FrameType.settings, 0, 0, pairs.join(''));
}

function fourBytes(number: number): string {
  return String.fromCharCode((number >>> 24) & 0xff, (number >>> 16) & 0xff, (number >>> 8) & 0xff, number & 0xff);
}
