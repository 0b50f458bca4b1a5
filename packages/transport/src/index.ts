export type { TransportOptions } from './tls-identity.js';
export { newTransport } from './transport.js';
