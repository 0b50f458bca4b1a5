import { createHash } from 'node:crypto';
import { type Clock, realClock } from '@client-ts/apimachinery';
import type { TlsConfig, TransportObserver } from '@client-ts/rest';
import type { TlsSource } from './tls-source.js';

/** How connections are made and kept. Transports whose values are all equal share them. */
export interface ConnectionOptions {
  /** Authorities, certificates and keys as PEM text, or a source of those that change: `fileTlsSource({ cert, key })`. */
  readonly tls?: TlsConfig | TlsSource | undefined;
  /**
   * `http://`, `https://` or `socks5://` URL of a proxy, which may hold credentials. That of an `https://` proxy is verified
   * with the runtime's authorities and those of `tls`. `proxyFromEnvironment` gives that of `HTTPS_PROXY`.
   */
  readonly proxyUrl?: string | undefined;
  /**
   * Connections for short requests, at most; further requests wait. Long-running ones have connections of their own, as many
   * as there are. Default: 32, enough to keep a server busy, and few enough that a burst of calls opens no burst of sockets.
   */
  readonly maxConnections?: number | undefined;
  /** For name lookup, connecting and handshakes together, in milliseconds. Default: 30,000, as client-go's dialer. */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Idle connections are closed after so many milliseconds, or when the server's `Keep-Alive` header says so. Default:
   * 45,000: a new one costs some 3 ms of CPU, and kube-apiserver closes them after 90 s, load balancers often after 60 s.
   */
  readonly keepAliveMs?: number | undefined;
  /**
   * Let long-running requests share connections, where the server speaks HTTP/2. Default: true: 200 watches then cost one
   * handshake instead of 200, and a connection whose other end is gone is noticed by a ping. Short requests do not: over
   * HTTP/1.1 they cost half as much. Servers and proxies that are at odds with HTTP/2 are a reason for `false`.
   */
  readonly http2?: boolean | undefined;
  /**
   * The kernel asks a silent peer whether it is there after so many milliseconds, and then every second; after ten questions
   * without an answer the connection is broken. Default: 15,000. A silent peer that is there is left alone. The kernel does not
   * ask a peer that owes an acknowledgement; Linux's is looked at then, and the connection broken after some 20 s.
   */
  readonly tcpProbeDelayMs?: number | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

export interface TransportOptions extends ConnectionOptions {
  /**
   * How long a short request waits for the headers of its answer once it has been sent, in milliseconds; 0 for ever.
   * Default: 120,000: kube-apiserver itself gives up after 60 s. It holds for the handshake of a WebSocket, too. Other long-running
   * requests wait for ever: the headers of a followed log come with its first line.
   */
  readonly headersTimeoutMs?: number | undefined;
  /**
   * How long the body of a short request may be silent, in milliseconds; 0 for ever. Default: 120,000. Does not count while
   * its reader is the slower one. Long-running requests may be silent for ever.
   */
  readonly bodyTimeoutMs?: number | undefined;
  /** Told what happens: for metrics. The same comes through `node:diagnostics_channel`, for all transports. */
  readonly observer?: TransportObserver | undefined;
}

interface Complete {
  readonly http2: boolean;
  readonly maxConnections: number;
  readonly connectTimeoutMs: number;
  readonly keepAliveMs: number;
  readonly tcpProbeDelayMs: number;
  readonly headersTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly clock: Clock;
}

const Defaults: Complete = {
  http2: true,
  maxConnections: 32,
  connectTimeoutMs: 30_000,
  keepAliveMs: 45_000,
  tcpProbeDelayMs: 15_000,
  headersTimeoutMs: 120_000,
  bodyTimeoutMs: 120_000,
  clock: realClock,
};

export type CompleteOptions = Omit<TransportOptions, keyof Complete> & Complete;

/** @throws TypeError for a number that means nothing. */
export function completeOptions(options: TransportOptions): CompleteOptions {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const complete: CompleteOptions = { ...Defaults, ...given };
  for (const [name, value] of Object.entries(complete)) {
    const least = name === 'headersTimeoutMs' || name === 'bodyTimeoutMs' ? 0 : 1;
    if (typeof value === 'number' && !(value >= least && value <= MaxNumber)) {
      throw new TypeError(`${name}: expected a number from ${least} to ${MaxNumber}, got ${value}`);
    }
  }
  return complete;
}

/** Longer delays would fire at once. */
const MaxNumber = 2 ** 31 - 1;

/** A key that is equal for connections that may be shared, and from which no key or password can be read. */
export function connectionKey(options: CompleteOptions): string {
  const { tls = {}, proxyUrl, http2, maxConnections, connectTimeoutMs, keepAliveMs, tcpProbeDelayMs, clock } = options;
  const identity =
    typeof tls === 'function'
      ? numberOf(tls)
      : [tls.ca, tls.cert, tls.key, tls.serverName, tls.insecure ?? false].map((part) => part ?? null);
  const parts = [identity, proxyUrl ?? null, http2, maxConnections, connectTimeoutMs, keepAliveMs, tcpProbeDelayMs];
  return createHash('sha256')
    .update(JSON.stringify([...parts, numberOf(clock)]))
    .digest('base64');
}

/** Names for what has none. */
const numbers = /* @__PURE__ */ new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  const number = numbers.get(object) ?? ++lastNumber;
  numbers.set(object, number);
  return number;
}
