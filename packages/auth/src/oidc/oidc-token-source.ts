import { abortable, type Clock, SingleFlight, wallClock } from '@client-ts/apimachinery';
import type { TokenSource, Transport } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { jwtExpiry } from './jwt-expiry.js';
import { OidcError } from './oidc-error.js';
import { type OidcClient, refreshTokens } from './oidc-provider.js';

export interface OidcTokens {
  /** Sent as the bearer token, until 10 seconds before it expires. */
  readonly idToken?: string | undefined;
  readonly refreshToken?: string | undefined;
}

/** Where the tokens are kept between runs, and shared with other programs: the kubeconfig. */
export interface OidcTokenStore {
  /** What is there now. Another program may have signed in, or refreshed, since. */
  load(): Promise<OidcTokens>;
  save(tokens: OidcTokens): Promise<void>;
}

export interface OidcOptions {
  /** What there is to begin with. Default: nothing, so that the store is asked. */
  readonly tokens?: OidcTokens | undefined;
  /** Default: tokens are kept for as long as the source lives. */
  readonly store?: OidcTokenStore | undefined;
  /** The way to the provider; one for each request, disposed of after it. Default: that of `@client-ts/transport`. */
  readonly openTransport?: ((url: URL) => Transport) | undefined;
  /** Told when new tokens could not be stored; they are used all the same. Default: `console.warn`. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Default: the machine's time. */
  readonly clock?: Clock | undefined;
}

/** As client-go: a token that expires on its way is of no use. */
const LeewayMs = 10_000;

/** Finding the endpoint and asking it, together. */
const RefreshTimeoutMs = 32_000;

/**
 * The ID token of an OpenID Connect provider, refreshed when it expires or the server refuses it, once for all who need it.
 *
 * Before it asks the provider it looks into the store, since a refresh token is often good for one use: another program may
 * have used it, and left new tokens there.
 *
 * A refresh that has begun goes on when nobody waits for it any more, for 32 seconds at most, and its tokens are kept: the provider
 * may have taken the old refresh token already.
 *
 * Rejects with an {@link OidcError}, or with `signal.reason`.
 */
export function oidcTokenSource(client: OidcClient, options: OidcOptions = {}): TokenSource {
  const {
    store,
    openTransport = () => newTransport(),
    onError = (error) => console.warn(error.message),
    clock = wallClock,
  } = options;
  const flight = new SingleFlight<string>();
  let tokens = options.tokens ?? {};

  /** The store does not know the tokens of now: what it has is older. */
  let unsaved = false;

  /**
   * A token that has expired as soon as the provider gives it: this machine's clock is wrong, or nobody knows when it expires. It
   * counts until the server refuses it, or else each request would cost a refresh token.
   */
  let believed: string | undefined;

  const problemOf = (idToken: string): string | undefined =>
    idToken === believed ? undefined : problemAt(idToken, clock.now());

  async function load(): Promise<void> {
    if (!store || unsaved) return;
    try {
      tokens = await store.load();
    } catch (cause) {
      onError(new Error(`cannot look for new tokens: ${(cause as Error).message}`, { cause }));
    }
  }

  async function save(): Promise<void> {
    try {
      await store?.save(tokens);
      unsaved = false;
    } catch (cause) {
      unsaved = true;
      onError(new Error(`cannot store the new tokens: ${(cause as Error).message}`, { cause }));
    }
  }

  async function renew(rejected: string | undefined): Promise<string> {
    await load();
    const { idToken, refreshToken } = tokens;
    const good = idToken !== undefined && problemOf(idToken) === undefined;
    if (good && idToken !== rejected) return idToken;
    if (!refreshToken) {
      // Refused, and nothing to do about it: the server's own answer says more.
      if (good) return idToken;
      const why = idToken ? problemOf(idToken) : 'is missing';
      throw new OidcError(`the id-token ${why}, and there is no refresh-token: sign in again`);
    }
    const fresh = await withTimeout(clock, (ends) => refreshTokens(client, refreshToken, openTransport, ends));
    believed = problemAt(fresh.idToken, clock.now()) === undefined ? undefined : fresh.idToken;
    tokens = { idToken: fresh.idToken, refreshToken: fresh.refreshToken ?? refreshToken };
    await save();
    return fresh.idToken;
  }

  return async ({ signal, rejected }) => {
    signal?.throwIfAborted();
    const { idToken } = tokens;
    if (idToken && idToken !== rejected && problemOf(idToken) === undefined) return idToken;
    // Without the signal: a flight ends with the last signal of those who wait.
    return abortable(
      flight.join(() => renew(rejected)),
      signal,
    );
  };
}

function problemAt(idToken: string, now: number): string | undefined {
  try {
    return now + LeewayMs < jwtExpiry(idToken) ? undefined : 'has expired';
  } catch (error) {
    return `cannot be used: ${(error as Error).message}`;
  }
}

async function withTimeout<T>(clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const tooLate = new OidcError(`the provider did not answer within ${RefreshTimeoutMs} ms`);
  const timer = clock.setTimeout(() => deadline.abort(tooLate), RefreshTimeoutMs);
  try {
    return await work(deadline.signal);
  } finally {
    clock.clearTimeout(timer);
  }
}
