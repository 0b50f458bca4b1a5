import type { Codec, Warning } from '@client-ts/apimachinery';
import type { Middleware } from './middleware.js';
import type { RequestObserver } from './request-event.js';
import type { Transport } from './transport.js';

/**
 * Gives a bearer token each time one is needed.
 *
 * After the server refused a token (401), it is called once more with that token as `rejected`, and the request is sent
 * again with what it gives. Sources cache by themselves.
 */
export type TokenSource = (options: {
  readonly signal?: AbortSignal | undefined;
  readonly rejected?: string | undefined;
}) => Promise<string>;

/** How the server is verified, and how the client identifies itself in the handshake. All values are PEM text. */
export interface TlsConfig {
  /** Authorities to trust instead of the system's. */
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Name to expect in the server's certificate, and to send as SNI, instead of the host's. */
  readonly serverName?: string | undefined;
  /** Accept any certificate. For experiments only. */
  readonly insecure?: boolean | undefined;
}

/** Act as somebody else; the caller needs the `impersonate` permission. */
export interface ImpersonationConfig {
  readonly userName: string;
  readonly uid?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** Which requests are sent again, beside those that a renewed token is for. */
export interface RetryConfig {
  /**
   * How often one request is sent again. Default: 10, as in client-go: a server that asks for more patience than that has
   * a problem that the caller should see. 0 sends nothing again.
   */
  readonly max?: number | undefined;
  /**
   * How long one request may wait for its retries, in milliseconds altogether. What a server asks for beyond that is not
   * waited for: its answer stands. Default: 5 minutes, so that a wrong `Retry-After` does not hold up a caller for days.
   */
  readonly budgetMs?: number | undefined;
}

/** Makes requests wait before they are sent, so that there are not too many of them. */
export interface RateLimiter {
  /** Resolves when the next request may go; rejects with `signal.reason` when aborted. */
  take(signal?: AbortSignal): Promise<void>;
}

/**
 * How to reach one API server. A value: spread it, override it, make two.
 *
 * All clients made from the same value share one token, one limiter and one set of sockets.
 */
export interface Config {
  /** `https://host:port`, with a path when the server is behind one; `host:port` alone is taken as `http`. */
  readonly host: string;
  readonly bearerToken?: string | TokenSource | undefined;
  /** Basic authentication; not together with a bearer token. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly tls?: TlsConfig | undefined;
  /** `http://`, `https://` or `socks5://` URL of a proxy. */
  readonly proxyUrl?: string | undefined;
  readonly impersonate?: ImpersonationConfig | undefined;
  /**
   * Sustained requests per second before calls wait on the client's side. Default: no limit. client-go limits to 5 by
   * default, a guard from the time before servers had API Priority and Fairness to protect themselves.
   */
  readonly qps?: number | undefined;
  /** Requests that may go out at once before `qps` counts. Default: 10. */
  readonly burst?: number | undefined;
  /** Instead of `qps` and `burst`: a limiter of one's own, which several configs may share. */
  readonly rateLimiter?: RateLimiter | undefined;
  readonly retry?: RetryConfig | undefined;
  /**
   * Representations of objects beside JSON, in order of preference: of kinds that a codec knows, the client asks for it, and
   * writes with it. Answers to writes, patches and deletions are JSON, and so is what a server refuses or a codec cannot
   * read. Default: none.
   */
  readonly codecs?: readonly Codec[] | undefined;
  /** Who is calling, such as `my-controller/1.2`. Default: {@link defaultUserAgent}. */
  readonly userAgent?: string | undefined;
  /** Deadline in milliseconds for every request that is not a watch. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Called for each warning of the server. Default: `console.warn`. See {@link warningWriter}. */
  readonly onWarning?: ((warning: Warning) => void) | undefined;
  /** What stands between the client and the transport, such as {@link gzip}; the first is the outermost. */
  readonly middleware?: readonly Middleware[] | undefined;
  /** Told about waits and retries, for metrics and logs. */
  readonly observer?: RequestObserver | undefined;
  /** What carries the bytes. Default: global `fetch`, which cannot do client certificates or own authorities. */
  readonly transport?: Transport | undefined;
}
