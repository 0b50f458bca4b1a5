import type { WebSocketConnection, WebSocketRequest, WebSocketResponse } from './web-socket.js';

/** For the peer's side of the closing handshake; after that the connection is cut. */
export const WebSocketCloseTimeoutMs = 5000;

/** A close frame has no place for more (RFC 6455 §5.5). */
const MaxReasonBytes = 123;

/** Those that make the handshake are not for callers to set. */
const Reserved = /^(?:sec-websocket-.*|connection|upgrade)$/;

/** @throws TypeError for a request whose handshake no transport may send. */
export function checkWebSocketRequest({ headers, protocols }: Pick<WebSocketRequest, 'headers' | 'protocols'>): void {
  if (protocols.length === 0) throw new TypeError('protocols: expected at least one subprotocol');
  const reserved = Object.keys(headers).find((name) => Reserved.test(name));
  if (reserved !== undefined) throw new TypeError(`the header ${reserved} is part of the WebSocket handshake`);
}

/** The answer that opened a WebSocket. */
export function webSocketOpened(
  webSocket: WebSocketConnection,
  headers: WebSocketResponse['headers'],
): WebSocketResponse {
  return { status: 101, headers, body: nothing(), discard: () => Promise.resolve(), webSocket };
}

/** As much of a reason to close as a close frame has place for, cut between characters. */
export function shortenedReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason);
  if (bytes.length <= MaxReasonBytes) return reason;
  let end = MaxReasonBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, end));
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
