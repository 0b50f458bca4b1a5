import { newTransport } from '@client-ts/transport';
import type { ContextConfig } from './resolve-context.js';
import { proxyFromEnvironment } from './proxy-from-environment.js';

/** Completes a config with Node's transport, through the proxy that it, or else the environment, names. */
export function withTransport(
  config: ContextConfig,
  env: Readonly<Record<string, string | undefined>> = process.env,
): ContextConfig {
  if (config.transport) return config;
  const proxyUrl = config.proxyUrl ?? proxyFromEnvironment(config.host, env);
  const transport = newTransport({ tls: config.tls, proxyUrl });
  return { ...config, ...(proxyUrl === undefined ? {} : { proxyUrl }), transport };
}
