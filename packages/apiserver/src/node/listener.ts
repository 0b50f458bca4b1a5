import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Config } from '@client-ts/rest';
import { stringifyYaml } from '@client-ts/serializer/yaml';
import { answer, type RequestHandler } from './answer.js';

export interface ListenOptions {
  /** Default: a free one. */
  readonly port?: number | undefined;
  /** Default: `127.0.0.1`. The server asks nobody who he is: leave it on loopback. */
  readonly host?: string | undefined;
  /** PEM texts; without them the server speaks plain HTTP. `ca` is what clients have to trust. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca?: string | undefined } | undefined;
}

/** An API server on a port. Disposing closes the port and every connection; the server itself stays as it is. */
export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:34567`. */
  readonly url: string;
  /** How clients reach it. The transport is the client's choice. */
  config(): Config;
  /** A kubeconfig file's text, for kubectl. */
  kubeconfig(): string;
  close(): Promise<void>;
}

/** Serves an in-memory API server on a port, for kubectl and any other client. Rejects when the port is taken. */
export async function listen(server: RequestHandler, options: ListenOptions = {}): Promise<Listener> {
  const { port = 0, host = '127.0.0.1', tls } = options;
  const http: Server = tls ? createTlsServer({ cert: tls.cert, key: tls.key }) : createServer();
  http.on('request', (request, response) => void answer(server, request, response));
  // A watch may be silent for as long as nothing happens.
  http.requestTimeout = 0;
  http.keepAliveTimeout = 60_000;
  http.listen(port, host);
  await once(http, 'listening');
  const { port: bound } = http.address() as AddressInfo;
  const url = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${bound}`;

  let closed: Promise<unknown> | undefined;
  async function close(): Promise<void> {
    if (!closed) {
      closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
    }
    await closed;
  }
  return {
    url,
    config: () => ({ host: url, ...(tls?.ca === undefined ? {} : { tls: { ca: tls.ca } }) }),
    kubeconfig: () => kubeconfigFor(url, tls?.ca),
    close,
    [Symbol.asyncDispose]: close,
  };
}

function kubeconfigFor(url: string, ca: string | undefined): string {
  const name = 'in-memory';
  const authority = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return stringifyYaml({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: url, ...authority } }],
    // Over TLS, kubectl asks its user for a name where there is no credential. This one is not looked at.
    users: [{ name, user: { token: name } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
