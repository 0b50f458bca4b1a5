export { dialPort, type DialPortOptions } from './dial-port.js';
export { isLostConnectionError, LostConnectionError } from './lost-connection-error.js';
export type { PodConnection } from './pod-connection.js';
export { PodDialer } from './pod-dialer.js';
export type { PodDialerOptions } from './pod-dialer-options.js';
export { isPortForwardError, PortForwardError, type PortForwardFailure } from './port-forward-error.js';
export type { ForwardedPort, PortForwarder } from './port-forwarder.js';
