import { createHash } from 'node:crypto';
import { LruMap } from '@client-ts/apimachinery';
import type { ExecPlugin } from '@client-ts/auth';
import { gzip, type Middleware, type TlsConfig } from '@client-ts/rest';
import { fileTlsSource, newTransport, proxyFromEnvironment, type TlsFiles, type TlsSource } from '@client-ts/transport';
import type { Environment } from './kubeconfig-files.js';
import { renewedCertificate } from './renewed-certificate.js';
import type { ContextConfig } from './resolve-context.js';

/** What a transport needs to know beside the config itself. */
export interface TransportOrigins {
  /** Files that parts of `tls` were read from: they are read again as they change. */
  readonly files?: TlsFiles | undefined;
  /** Gives a client certificate. */
  readonly plugin?: ExecPlugin | undefined;
  /** Do not ask the server to compress its answers. */
  readonly disableCompression?: boolean | undefined;
}

/**
 * Completes a config with Node's transport, through the proxy that it, or else the environment, names. Compression is the
 * innermost middleware. A transport that is there already does what it does.
 */
export function withTransport(
  config: ContextConfig,
  env: Environment = process.env,
  { files = {}, plugin, disableCompression = false }: TransportOrigins = {},
): ContextConfig {
  if (config.transport) return config;
  const proxyUrl = config.proxyUrl ?? proxyFromEnvironment(config.host, env);
  const source = Object.keys(files).length > 0 ? sharedFileSource(files, config.tls) : undefined;
  const tls = source ?? config.tls;
  const transport = plugin ? plugin.transport({ tls, proxyUrl }) : newTransport({ tls, proxyUrl });
  const middleware: readonly Middleware[] = [
    ...(config.middleware ?? []),
    ...(source && files.cert !== undefined ? [renewedCertificate(source)] : []),
    ...(disableCompression ? [] : [gzip()]),
  ];
  return { ...config, ...(proxyUrl === undefined ? {} : { proxyUrl }), middleware, transport };
}

/** As many as a program with many clusters has at the same time. */
const sources = /* @__PURE__ */ new LruMap<TlsSource>(1000);

/** One for the same files, however often they are loaded: transports of one source share their connections. */
function sharedFileSource(files: TlsFiles, tls: TlsConfig = {}): TlsSource {
  const rest = Object.fromEntries(Object.entries(tls).filter(([field]) => !(field in files))) as TlsConfig;
  const key = createHash('sha256')
    .update(JSON.stringify([files, rest]))
    .digest('base64');
  return sources.getOrMake(key, () => fileTlsSource(files, { tls: rest }));
}
