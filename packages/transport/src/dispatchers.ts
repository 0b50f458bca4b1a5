import { createSecureContext, type SecureContext } from 'node:tls';
import type { TlsConfig } from '@client-ts/rest';
import { Agent, type Dispatcher, ProxyAgent } from 'undici/index.js';
import type { TransportOptions } from './tls-identity.js';

/**
 * Short requests share this many connections. Enough to keep a server busy, and few enough that a burst of calls opens no
 * burst of sockets.
 */
const MaxConnections = 32;

/** A new TLS connection costs some 3 ms of CPU: keep idle ones for longer than undici's 4 s. */
const KeepAliveMs = 45_000;

/** First TCP probe on a silent connection; with the kernel's ten probes a dead peer is noticed within half a minute. */
const TcpProbeDelayMs = 15_000;

const ConnectTimeoutMs = 30_000;

/**
 * The sockets of one TLS identity. Requests and streams have pools of their own, because a watch holds its connection for
 * minutes: a few of them in a bounded pool would leave no place for anything else.
 */
export class Dispatchers {
  readonly #options: TransportOptions;
  #requests: Dispatcher | undefined;
  #streams: Dispatcher | undefined;

  /** @throws TypeError when the TLS material cannot be used, or the proxy is of an unknown kind. */
  constructor(options: TransportOptions) {
    this.#options = options;
    checkProxy(options.proxyUrl);
    this.#secureContext = secureContextOf(options.tls);
  }

  readonly #secureContext: SecureContext | undefined;

  for(longRunning: boolean): Dispatcher {
    if (longRunning) return (this.#streams ??= this.#newDispatcher(null));
    return (this.#requests ??= this.#newDispatcher(MaxConnections));
  }

  /** Breaks every connection. */
  async destroy(): Promise<void> {
    await Promise.all([this.#requests?.destroy(), this.#streams?.destroy()]);
  }

  #newDispatcher(connections: number | null): Dispatcher {
    const { tls, proxyUrl } = this.#options;
    const options = {
      connections,
      pipelining: 1,
      keepAliveTimeout: KeepAliveMs,
      // Time limits are the caller's: a watch may be silent for as long as nothing happens.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    const connect = {
      timeout: ConnectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelay: TcpProbeDelayMs,
      rejectUnauthorized: tls?.insecure !== true,
      ...(this.#secureContext ? { secureContext: this.#secureContext } : {}),
      ...(tls?.serverName === undefined ? {} : { servername: tls.serverName }),
    };
    if (proxyUrl === undefined) return new Agent({ ...options, connect });
    return new ProxyAgent({ ...options, uri: proxyUrl, requestTls: connect });
  }
}

function secureContextOf(tls: TlsConfig | undefined): SecureContext | undefined {
  if (tls === undefined) return undefined;
  const { ca, cert, key } = tls;
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError(
      `config.tls.${cert === undefined ? 'key' : 'cert'} is set without config.tls.${cert === undefined ? 'cert' : 'key'}`,
    );
  }
  if (ca === undefined && cert === undefined) return undefined;
  for (const [field, pem] of Object.entries({ ca, cert, key })) {
    if (pem !== undefined && !pem.includes('-----BEGIN ')) {
      throw new TypeError(`config.tls.${field} is not PEM text: expected a line "-----BEGIN …-----"`);
    }
  }
  try {
    return createSecureContext({ ca, cert, key, minVersion: 'TLSv1.2' });
  } catch (cause) {
    throw new TypeError(`config.tls: the certificates or the key cannot be used: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function checkProxy(proxyUrl: string | undefined): void {
  if (proxyUrl === undefined) return;
  const protocol = URL.canParse(proxyUrl) ? new URL(proxyUrl).protocol : '';
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`config.proxyUrl: expected an http:// or https:// URL, got ${protocol || 'no URL'}`);
  }
}
