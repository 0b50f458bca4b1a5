import {
  headerOf,
  isTransportError,
  type Transport,
  type TransportRequest,
  type TransportResponse,
} from '@client-ts/rest';
import { OidcError } from './oidc-error.js';

/** Who the tokens are for, and who gives them. */
export interface OidcClient {
  /** Base URL of the provider; its metadata is at `/.well-known/openid-configuration` below. */
  readonly issuerUrl: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
}

/** What the provider gave for a refresh token. */
export interface RefreshedTokens {
  readonly idToken: string;
  /** Present when the provider replaced it: the old one is used up then. */
  readonly refreshToken: string | undefined;
}

interface Metadata {
  readonly tokenEndpoint: URL;
  readonly authMethods: readonly string[] | undefined;
}

interface Answer {
  readonly status: number;
  /** Where to look instead. */
  readonly location: string | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Metadata and tokens have a few KiB. */
const MaxAnswerBytes = 1024 * 1024;

/** As client-go. */
const MaxRedirects = 10;

/**
 * Exchanges a refresh token for a new ID token: finds the token endpoint (OpenID Connect Discovery 1.0 §4), and asks it (RFC
 * 6749 §6). A client with a secret identifies itself as the metadata say, by default with HTTP Basic.
 *
 * The metadata may be somewhere else, to where redirects lead; a refresh token is sent to nobody but the endpoint itself. As
 * client-go, it does not compare `issuer` of the metadata: who issued a token is for the API server to check, and some providers serve
 * many under one address.
 *
 * Rejects with an {@link OidcError}, or with `signal.reason`.
 */
export async function refreshTokens(
  client: OidcClient,
  refreshToken: string,
  openTransport: (url: URL) => Transport,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { tokenEndpoint, authMethods } = await discover(client.issuerUrl, openTransport, signal);
  let answer: Answer | undefined;
  for (const method of methodsFor(client, authMethods)) {
    answer = await ask(openTransport, { ...refreshRequest(tokenEndpoint, method, client, refreshToken), signal });
    if (answer.status === 200) break;
  }
  const { status = 0, fields } = answer ?? {};
  if (status !== 200) throw refusal(tokenEndpoint, status, fields, [refreshToken, client.clientSecret]);
  const { id_token: idToken, refresh_token: next } = fields ?? {};
  if (typeof idToken !== 'string' || idToken === '') {
    throw new OidcError(
      `${place(tokenEndpoint)}: the answer has no id_token: sign in with the scope openid, or the provider gives none when it refreshes`,
    );
  }
  return { idToken, refreshToken: typeof next === 'string' && next !== '' ? next : undefined };
}

async function discover(
  issuerUrl: string,
  openTransport: (url: URL) => Transport,
  signal: AbortSignal,
): Promise<Metadata> {
  const issuer = httpUrl(issuerUrl);
  if (!issuer) throw new OidcError('the issuer is no http:// or https:// URL');
  const url = new URL(`${issuer.href.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const { status, fields } = await askFollowing(url, openTransport, signal);
  if (status !== 200) throw new OidcError(`${place(url)}: cannot read the provider's metadata: it answered ${status}`);
  const { token_endpoint: endpoint, token_endpoint_auth_methods_supported: methods } = fields ?? {};
  const tokenEndpoint = typeof endpoint === 'string' ? httpUrl(endpoint) : undefined;
  if (!tokenEndpoint)
    throw new OidcError(`${place(url)}: the provider's metadata have no token_endpoint that is a URL`);
  // A refresh token is worth more than what it is exchanged for.
  if (issuer.protocol === 'https:' && tokenEndpoint.protocol !== 'https:') {
    throw new OidcError(`${place(url)}: the provider's token_endpoint is not https, though the provider itself is`);
  }
  const known = Array.isArray(methods) ? methods.filter((method) => typeof method === 'string') : undefined;
  return { tokenEndpoint, authMethods: known };
}

/** GETs what is at the end of all redirects. */
async function askFollowing(start: URL, openTransport: (url: URL) => Transport, signal: AbortSignal): Promise<Answer> {
  let url = start;
  for (let redirects = 0; redirects <= MaxRedirects; redirects++) {
    const answer = await ask(openTransport, { method: 'GET', url, headers: { accept: 'application/json' }, signal });
    const { status, location } = answer;
    if (!Redirects.has(status) || location === undefined) return answer;
    const next = httpUrl(location, url);
    if (!next || (url.protocol === 'https:' && next.protocol !== 'https:')) {
      throw new OidcError(`${place(url)}: the provider redirects to what is no https:// URL`);
    }
    url = next;
  }
  throw new OidcError(`${place(start)}: the provider redirects more than ${MaxRedirects} times`);
}

const Redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

type AuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post';

/** Many providers say nothing, and understand only one: what follows is tried when the first is refused. */
function methodsFor({ clientSecret }: OidcClient, known: readonly string[] | undefined): readonly AuthMethod[] {
  if (!clientSecret) return ['none'];
  const all: readonly AuthMethod[] = ['client_secret_basic', 'client_secret_post'];
  const chosen = all.find((method) => known?.includes(method));
  return chosen === undefined ? all : [chosen];
}

function refreshRequest(
  url: URL,
  method: AuthMethod,
  { clientId, clientSecret = '' }: OidcClient,
  refreshToken: string,
): TransportRequest {
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const headers: Record<string, string> = {
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  };
  if (method === 'client_secret_basic') {
    const userinfo = [clientId, clientSecret].map(encodeURIComponent).join(':');
    headers['authorization'] = `Basic ${Buffer.from(userinfo).toString('base64')}`;
  } else {
    form.set('client_id', clientId);
    if (method === 'client_secret_post') form.set('client_secret', clientSecret);
  }
  return { method: 'POST', url, headers, body: form.toString() };
}

async function ask(openTransport: (url: URL) => Transport, request: TransportRequest): Promise<Answer> {
  await using transport = openTransport(request.url);
  try {
    const response = await transport.request(request);
    const location = headerOf(response, 'location');
    return { status: response.status, location, fields: jsonFields(await readLimited(response)) };
  } catch (cause) {
    request.signal?.throwIfAborted();
    if (!isTransportError(cause)) throw cause;
    throw new OidcError(`${place(request.url)}: ${cause.message}`, { cause });
  }
}

async function readLimited(response: TransportResponse): Promise<string> {
  // A length that somebody else declares is no reason to read on.
  if (Number(headerOf(response, 'content-length') ?? 0) > MaxAnswerBytes) {
    await response.discard();
    return '';
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MaxAnswerBytes) return '';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonFields(text: string): Answer['fields'] {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Answer['fields']) : undefined;
  } catch {
    return undefined; // a page of a proxy: the status says more
  }
}

/** The provider's own words (RFC 6749 §5.2), as far as they are words. */
function refusal(
  endpoint: URL,
  status: number,
  fields: Answer['fields'],
  secrets: readonly (string | undefined)[],
): OidcError {
  const { error, error_description: description } = fields ?? {};
  const words = [error, description]
    .filter((word) => typeof word === 'string' && word !== '')
    .map((word) => JSON.stringify((word as string).slice(0, 200)));
  const safe = words.filter((word) => !secrets.some((secret) => secret && word.includes(secret)));
  const next = error === 'invalid_grant' ? '; the refresh token is no longer good: sign in again' : '';
  return new OidcError(`${place(endpoint)}: the token was not refreshed: ${[status, ...safe].join(' ')}${next}`);
}

function httpUrl(text: string, base?: URL): URL | undefined {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  return url && ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

function place({ host, pathname }: URL): string {
  return `${host}${pathname}`;
}
