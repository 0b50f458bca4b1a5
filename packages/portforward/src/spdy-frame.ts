import { SpareBuffers } from '@client-ts/apimachinery';

/** Control frames of SPDY/3.1. @see https://www.chromium.org/spdy/spdy-protocol/spdy-protocol-draft3-1/ */
export const ControlType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  ping: 6,
  goAway: 7,
  headers: 8,
} as const;

/** The sender of the frame sends no more on this stream. */
export const Fin = 0x01;

/** Of a RST_STREAM. */
export const ResetStatus = { refusedStream: 3, cancel: 5 } as const;

/** Of the first word of a control frame. */
export const ControlBit = 0x8000_0000;
export const Version = 3;

/** Type or stream, and flags and length. */
export const HeaderBytes = 8;

/** The highest there is: 31 bits. */
export const MaxId = 0x7fff_ffff;

export function encodeSynStream(streamId: number, headerBlock: Uint8Array, flags: number): Uint8Array {
  // Associated stream, priority and slot are all zero.
  const fixed = 10;
  const frame = controlFrame(ControlType.synStream, flags, fixed + headerBlock.length);
  words(frame).setUint32(HeaderBytes, streamId);
  frame.set(headerBlock, HeaderBytes + fixed);
  return frame;
}

export function encodeRstStream(streamId: number, status: number): Uint8Array {
  const frame = controlFrame(ControlType.rstStream, 0, 8);
  words(frame).setUint32(HeaderBytes, streamId);
  words(frame).setUint32(HeaderBytes + 4, status);
  return frame;
}

export function encodePing(id: number): Uint8Array {
  const frame = controlFrame(ControlType.ping, 0, 4);
  words(frame).setUint32(HeaderBytes, id);
  return frame;
}

/** A good end, after which the peer need not answer for any stream of its own. */
export function encodeGoAway(): Uint8Array {
  return controlFrame(ControlType.goAway, 0, 8);
}

/**
 * @param bytes - below 16 MiB.
 * @param buffers - where the frame is put. Default: it has a new one.
 */
export function encodeData(
  streamId: number,
  bytes: Uint8Array,
  flags: number,
  buffers: SpareBuffers = new SpareBuffers(),
): Uint8Array<ArrayBuffer> {
  const length = HeaderBytes + bytes.length;
  const frame = buffers.take(length).subarray(0, length);
  const header = words(frame);
  header.setUint32(0, streamId);
  header.setUint32(4, flags * 2 ** 24 + bytes.length);
  frame.set(bytes, HeaderBytes);
  return frame;
}

function controlFrame(type: number, flags: number, length: number): Uint8Array {
  const frame = new Uint8Array(HeaderBytes + length);
  const header = words(frame);
  header.setUint32(0, ControlBit + Version * 2 ** 16 + type);
  header.setUint32(4, flags * 2 ** 24 + length);
  return frame;
}

function words({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}
