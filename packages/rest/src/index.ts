export { encodedObjects } from './encoded-objects.js';
export { FrameTooLargeError } from './carry.js';
export { anonymousConfig } from './anonymous-config.js';
export type { Config, ImpersonationConfig, RateLimiter, RetryConfig, TlsConfig, TokenSource } from './config.js';
export { DeadlineExceededError } from './deadline.js';
export { ResponseDecodeError } from './decode-json.js';
export { fetchTransport } from './fetch-transport.js';
export { gzip } from './gzip.js';
export { hostBackoff, type HostBackoffOptions } from './host-backoff.js';
export type { Middleware, Transmit } from './middleware.js';
export { openWebSocket, type OpenWebSocketOptions } from './open-web-socket.js';
export { TokenBucket } from './rate-limiter.js';
export { redactConfig } from './redact-config.js';
export type { ObservedRequest, RequestEvent, RequestObserver } from './request-event.js';
export { asTable, metadataOf, metadataOnly, type TableInterface, type TableOptions } from './representation.js';
export { type QueryValue, type Request, RequestError, type ResourceTarget } from './request.js';
export type { ObjectReader } from './json-codec.js';
export { ResourceClient } from './resource-client.js';
export type { ResourceInterface, StatusInterface } from './resource-interface.js';
export { RestClient, restClientFor } from './rest-client.js';
export type { Sender, SendOptions } from './sender.js';
export type { Transport } from './transport.js';
export { isTransportError, TransportError, type TransportFailure } from './transport-error.js';
export type { TransportRequest, TransportResponse } from './transport-request.js';
export type { RequestInfo, TransportEvent, TransportObserver } from './transport-event.js';
export { defaultUserAgent, withUserAgent } from './user-agent.js';
export { warningWriter, type WarningWriterOptions } from './warning-writer.js';
export type { Warning } from '@client-ts/apimachinery';
export { WatchDecodeError } from './watch-event.js';
export {
  isWebSocketCloseError,
  type WebSocketClose,
  WebSocketCloseError,
  type WebSocketConnection,
  type WebSocketHeartbeat,
  type WebSocketRequest,
  type WebSocketResponse,
} from './web-socket.js';

// For transports and servers, rather than for users of clients.
export { DiscardLimitBytes } from './discard-limit.js';
export { decodeHeaders, encodeHeaders } from './header-text.js';
export { headerOf, headersOf } from './headers.js';
export { readBytes, readText } from './read-body.js';
export { toTransportError } from './to-transport-error.js';
export {
  checkWebSocketRequest,
  shortenedReason,
  WebSocketCloseTimeoutMs,
  webSocketOpened,
} from './web-socket-rules.js';
