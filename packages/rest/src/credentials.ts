import type { Config, TokenSource } from './config.js';

/** What says who is calling in the Authorization header. */
export interface Credentials {
  /** The value of the header, when it never changes. */
  readonly fixed?: string | undefined;
  /** Gives a bearer token for each request, and another one for one that was refused. */
  readonly source?: TokenSource;
}

/** @throws TypeError when the config has both a token and a password: nobody can say which one is meant. */
export function credentialsOf({ bearerToken, username, password }: Config): Credentials {
  const basic = username !== undefined || password !== undefined;
  if (basic && bearerToken !== undefined) {
    throw new TypeError('config.username/password and config.bearerToken exclude each other');
  }
  if (basic) return { fixed: `Basic ${encodeBase64(`${username ?? ''}:${password ?? ''}`)}` };
  if (typeof bearerToken === 'function') return { source: bearerToken };
  return { fixed: bearerToken ? `Bearer ${bearerToken}` : undefined };
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
