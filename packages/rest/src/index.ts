export type { Config, ImpersonationConfig, TlsConfig, TokenSource, Warning } from './config.js';
export type { ResourceInterface, StatusInterface } from './resource-interface.js';
export {
  isTransportError,
  type Transport,
  TransportError,
  type TransportFailure,
  type TransportRequest,
  type TransportResponse,
} from './transport.js';
