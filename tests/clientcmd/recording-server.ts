import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type KeyPair, newCertificateAuthority } from '@client-ts/envtest';

/** What a request tells of who sent it. */
export interface Seen {
  readonly path: string;
  /** SNI: the name that the client expects of the server. */
  readonly serverName: string | undefined;
  /** Common name of the client's certificate. */
  readonly certificateOf: string | undefined;
  /** The same for requests on one connection. */
  readonly connection: string;
  /** `accept-encoding`: how the answer may be compressed. */
  readonly encoding: string | undefined;
  /** `authorization` and all that begins with `impersonate-`, as they came on the wire: in order, repeated ones too. */
  readonly identity: readonly string[];
}

export interface RecordingServer extends AsyncDisposable {
  readonly port: number;
  /** PEM of the authority that clients have to trust. */
  readonly ca: string;
  /** PEM of a client that the server knows. */
  readonly client: { readonly cert: string; readonly key: string };
  /** What was seen since the last call; of those alone whose path begins so. */
  take(pathPrefix?: string): Seen[];
  /** Whom to refuse (401). Default: nobody. */
  refuses: (seen: Seen) => boolean;
  /** A client of another name that the server knows; with addresses, a server that its clients trust. */
  issue(commonName: string, addresses?: readonly string[]): Promise<KeyPair>;
  /**
   * Takes a certificate of another authority for new connections, and ends the old ones with their next answer.
   *
   * @param announce - is told that authority before, and waited for.
   */
  renew(announce?: (ca: string) => Promise<void>): Promise<void>;
}

/** A TLS server on loopback that asks for client certificates, takes everybody, and writes down who it was. */
export async function startRecordingServer(): Promise<RecordingServer> {
  const authority = await newCertificateAuthority('recording');
  const { cert, key } = await authority.issue({
    commonName: 'server',
    addresses: ['127.0.0.1', 'localhost', 'other.example', 'kube.invalid'],
  });
  const client = await authority.issue({ commonName: 'client' });
  const seen: Seen[] = [];
  const options = { ca: authority.cert, requestCert: true, rejectUnauthorized: false };
  let certificates = 1;
  const shown = new WeakMap<object, number>();
  const server = createServer({ ...options, cert, key }, (request, response) => {
    const one = describe(request);
    seen.push(one);
    if (shown.get(request.socket) !== certificates) response.shouldKeepAlive = false;
    response.statusCode = recording.refuses(one) ? 401 : 200;
    response.setHeader('content-type', 'application/json').end('{}');
  });
  server.on('secureConnection', (socket) => shown.set(socket, certificates));
  // WebSockets get no further than to be seen.
  server.on('upgrade', (request, socket) => {
    const one = describe(request);
    seen.push(one);
    const status = recording.refuses(one) ? '401 Unauthorized' : '403 Forbidden';
    socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const recording: RecordingServer = {
    port: (server.address() as AddressInfo).port,
    ca: authority.cert,
    client,
    take(pathPrefix = '') {
      const taken = seen.filter(({ path }) => path.startsWith(pathPrefix));
      const left = seen.filter((each) => !taken.includes(each));
      seen.splice(0, seen.length, ...left);
      return taken;
    },
    refuses: () => false,
    issue: (commonName, addresses = []) => authority.issue({ commonName, addresses: [...addresses] }),
    async renew(announce) {
      const next = await newCertificateAuthority('renewed');
      const pair = await next.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
      await announce?.(next.cert);
      server.setSecureContext({ ...options, ...pair });
      certificates++;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return recording;
}

function describe(request: IncomingMessage): Seen {
  const socket = request.socket as TLSSocket & { servername?: string | false };
  const pairs = Array.from({ length: request.rawHeaders.length / 2 }, (_, index) => {
    const [name = '', value = ''] = request.rawHeaders.slice(2 * index);
    return `${name.toLowerCase()}: ${value}`;
  });
  return {
    path: request.url ?? '',
    connection: `from port ${socket.remotePort}`,
    serverName: socket.servername || undefined,
    encoding: request.headers['accept-encoding'],
    certificateOf: socket.getPeerCertificate().subject?.CN as string | undefined,
    identity: pairs.filter((pair) => /^(authorization|impersonate-)/.test(pair)).toSorted(),
  };
}
