import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { newCertificateAuthority } from '@client-ts/envtest';

/** A request for tokens. */
interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

export interface OidcIssuer extends AsyncDisposable {
  readonly url: string;
  /** Where it was before: its metadata are no longer there, and that place says where they are. */
  readonly oldUrl: string;
  /** PEM of the authority that clients have to trust. */
  readonly ca: string;
  /** A token that this issuer has signed. */
  idToken(claims: { readonly sub: string; readonly expiresInSeconds: number }): string;
  /** Who asked for tokens since the last call. */
  take(): TokenRequest[];
  /** The refresh token that is good now: each is good for one use. */
  refreshToken: string;
}

/** An OpenID Connect provider on loopback, for the client `kubernetes` with the secret `s3cret`. */
export async function startOidcIssuer(): Promise<OidcIssuer> {
  const authority = await newCertificateAuthority('authority of the issuer');
  const certificate = await authority.issue({ commonName: 'issuer', addresses: ['127.0.0.1'] });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asked: TokenRequest[] = [];
  let uses = 0;

  async function answer(request: IncomingMessage): Promise<object> {
    if (request.url === '/.well-known/openid-configuration') {
      return { issuer: issuer.url, jwks_uri: `${issuer.url}/keys`, token_endpoint: `${issuer.url}/token` };
    }
    if (request.url === '/keys')
      return { keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: '1' }] };
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    asked.push({ authorization: request.headers.authorization, form });
    if (form['refresh_token'] !== issuer.refreshToken) return { error: 'invalid_grant' };
    issuer.refreshToken = `refresh-${++uses}`;
    return {
      access_token: 'access',
      token_type: 'Bearer',
      refresh_token: issuer.refreshToken,
      id_token: issuer.idToken({ sub: 'jane', expiresInSeconds: 600 + uses }),
    };
  }

  const server = createServer(certificate, (request, response) => {
    if (request.url?.startsWith('/old/')) {
      response.writeHead(302, { location: request.url.slice('/old'.length) }).end();
      return;
    }
    const respond = async (): Promise<void> => {
      const body = await answer(request);
      response.statusCode = 'error' in body ? 400 : 200;
      response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    };
    void respond();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: OidcIssuer = {
    url,
    oldUrl: `${url}/old`,
    ca: authority.cert,
    refreshToken: 'refresh-0',
    take: () => asked.splice(0),
    idToken: ({ sub, expiresInSeconds }) =>
      signed(
        { iss: issuer.url, aud: 'kubernetes', sub, exp: Math.floor(Date.now() / 1000) + expiresInSeconds },
        privateKey,
      ),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return issuer;
}

function signed(claims: object, key: KeyObject): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const content = `${encode({ alg: 'RS256', kid: '1' })}.${encode(claims)}`;
  return `${content}.${sign('RSA-SHA256', Buffer.from(content), key).toString('base64url')}`;
}
