import type { Config } from './config.js';

/** The value of the Authorization header of one request, and whether a refused one can be replaced. */
export interface Credentials {
  /** `undefined` when the config has no credentials of this kind. */
  authorization(options: { signal: AbortSignal | undefined; rejected?: string }): Promise<string | undefined>;
  /** A second try with a new token makes sense after a 401. */
  readonly renewable: boolean;
}

/** @throws TypeError when the config has both a token and a password: nobody can say which one is meant. */
export function credentialsOf(config: Config): Credentials {
  const { bearerToken, username, password } = config;
  const basic = username !== undefined || password !== undefined;
  if (basic && bearerToken !== undefined) {
    throw new TypeError('config.username/password and config.bearerToken exclude each other');
  }
  if (basic) {
    const value = `Basic ${encodeBase64(`${username ?? ''}:${password ?? ''}`)}`;
    return { renewable: false, authorization: () => Promise.resolve(value) };
  }
  if (typeof bearerToken !== 'function') {
    const value = bearerToken ? `Bearer ${bearerToken}` : undefined;
    return { renewable: false, authorization: () => Promise.resolve(value) };
  }
  return {
    renewable: true,
    async authorization({ signal, rejected }) {
      const token = await bearerToken({ signal, rejected: rejected?.replace(/^Bearer /, '') });
      return token === '' ? undefined : `Bearer ${token}`;
    },
  };
}

function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
