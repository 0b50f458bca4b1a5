export { fileTlsSource, type FileTlsSourceOptions, type TlsFiles } from './file-tls-source.js';
export { newTransport } from './new-transport.js';
export { proxyFromEnvironment } from './proxy-from-environment.js';
export type { TlsSource } from './tls-source.js';
export type { ConnectionOptions, TransportOptions } from './transport-options.js';
