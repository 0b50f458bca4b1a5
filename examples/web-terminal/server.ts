import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { exec } from '@client-ts/remotecommand';
import type { Config } from '@client-ts/rest';
import { WebSocketServer } from 'ws';
import { bridge } from './bridge.js';
import { buildPage } from './build-page.js';
import { MaxMessageBytes, Subprotocol, TokenPrefix } from './protocol.js';

export interface WebTerminalOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container?: string | undefined;
  /** Default: a shell. */
  readonly command?: readonly string[] | undefined;
  /** Default: one that is free. */
  readonly port?: number | undefined;
}

export interface WebTerminal extends AsyncDisposable {
  /** Where the page is, with the token that it needs. Whoever has it can run commands. */
  readonly url: string;
}

const Headers = {
  // xterm.js puts its colours into a style sheet of its own.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

/**
 * Serves a page with a terminal on loopback. Each page that is opened runs the command anew, which is told to end when the page goes.
 *
 * Every page of the web can reach loopback, so a WebSocket is opened only for whoever comes from this page (`Origin`), under this
 * name (`Host`, against names of others that lead here), and has the token, which is in the fragment of the URL: that is sent to
 * nobody.
 */
export async function serveWebTerminal(config: Config, options: WebTerminalOptions): Promise<WebTerminal> {
  const files = await buildPage();
  const token = randomBytes(32).toString('base64url');
  const http = createServer((request, response) => serveFile(request, response, files, host));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MaxMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => Subprotocol,
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const obstacle = obstacleOf(request, host, token);
    if (obstacle !== undefined) {
      socket.on('error', () => {});
      socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: text/plain\r\n\r\n${obstacle}\n`);
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { namespace, pod, container, command = ['sh'] } = options;
      const terminal = { namespace, pod, container, command, tty: true, stdin: true };
      void bridge(webSocket, (signal) => exec(config, { ...terminal, signal }));
    });
  });
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');
  const host = `127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    url: `http://${host}/#${token}`,
    async [Symbol.asyncDispose]() {
      for (const client of sockets.clients) client.terminate();
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      await closed;
    },
  };
}

function serveFile(
  { method, url = '', headers }: IncomingMessage,
  response: ServerResponse,
  files: Awaited<ReturnType<typeof buildPage>>,
  host: string,
): void {
  const file = files.get(url);
  const status = headers.host !== host ? 421 : method !== 'GET' ? 405 : file ? 200 : 404;
  response.writeHead(status, { ...Headers, 'content-type': file?.type ?? 'text/plain' });
  response.end(status === 200 ? file?.content : undefined);
}

/** Why there is no WebSocket for this; `undefined` when there is. */
function obstacleOf({ headers, url }: IncomingMessage, host: string, token: string): string | undefined {
  if (url !== '/exec') return 'there is nothing here';
  if (headers.host !== host) return 'wrong host';
  if (headers.origin !== `http://${host}`) return 'wrong origin';
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/);
  const given = protocols.find((protocol) => protocol.startsWith(TokenPrefix))?.slice(TokenPrefix.length) ?? '';
  return timingSafeEqual(digest(given), digest(token)) ? undefined : 'wrong token';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
