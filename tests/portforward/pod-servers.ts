import { createCipheriv, createHash } from 'node:crypto';
import type { Container } from '@client-ts/api/core/v1';

export const MiB: number = 1024 * 1024;

/** What listens in the Pod. */
export const Ports = {
  /** Says back what it is told, as it comes, and ends when that has. */
  echo: 7000,
  /** Nobody. */
  none: 7001,
  /** HTTP with connections that stay open: says how many requests there were on this one. */
  http: 7002,
  /** Says the size and checksum of what it was told, at its end. */
  digest: 7003,
  /** Is told a number, and says so many mebibytes. */
  source: 7004,
  /** Ends at once what it has to say, which is a line; what it was told last is known to `heard` when it has ended. */
  early: 7005,
  heard: 7006,
  /** Says something when it is told something; resets at the end of that. */
  reset: 7007,
  /** Reads nothing. */
  deaf: 7008,
  /** Never ends. */
  endless: 7009,
  /** Says something after four seconds. */
  late: 7010,
} as const;

const Script = `
const { createCipheriv, createHash } = require('node:crypto');
const listen = (port, listener) => new Promise((resolve) => {
  require('node:net').createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    listener(socket);
  }).listen(port, resolve);
});
let heard = '';
const digest = (socket, then) => {
  const hash = createHash('sha256');
  let size = 0;
  socket.on('data', (bytes) => { size += bytes.length; hash.update(bytes); });
  socket.on('end', () => then(size + ' ' + hash.digest('hex')));
};
const counts = new WeakMap();
const http = require('node:http').createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  const count = (counts.get(request.socket) ?? 0) + 1;
  counts.set(request.socket, count);
  response.end(String(count));
});
Promise.all([
  listen(${Ports.echo}, (socket) => socket.pipe(socket)),
  new Promise((resolve) => http.listen(${Ports.http}, resolve)),
  listen(${Ports.digest}, (socket) => digest(socket, (said) => socket.end(said))),
  listen(${Ports.source}, (socket) => socket.once('data', async (said) => {
    const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
    for (let left = Number(said); left > 0; left--) {
      if (!socket.write(cipher.update(Buffer.alloc(${MiB})))) await new Promise((resolve) => socket.once('drain', resolve));
    }
    socket.end();
  })),
  listen(${Ports.early}, (socket) => {
    heard = '';
    digest(socket, (said) => { heard = said; });
    socket.end('bye\\n');
  }),
  listen(${Ports.heard}, (socket) => socket.end(heard)),
  listen(${Ports.reset}, (socket) => {
    socket.on('data', () => socket.write('some')).on('end', () => socket.resetAndDestroy());
  }),
  listen(${Ports.deaf}, (socket) => socket.pause()),
  listen(${Ports.endless}, (socket) => {
    const more = () => { while (!socket.destroyed && socket.write(Buffer.alloc(65536))); };
    socket.resume().on('drain', more);
    more();
  }),
  listen(${Ports.late}, (socket) => setTimeout(() => socket.end('still here'), 4000)),
]).then(() => require('node:fs').writeFileSync('/tmp/listening', ''));
`;

/** Is ready when all of them listen. */
export const podServers: Partial<Container> = {
  command: [process.execPath, '--eval', Script],
  readinessProbe: {
    exec: { command: ['test', '-e', '/tmp/listening'] },
    periodSeconds: 1,
    timeoutSeconds: 30,
    failureThreshold: 1000,
  },
};

/** What `source` says, in pieces that are made when they are asked for. */
export function* mebibytes(count: number): Generator<Buffer, void, void> {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  for (let i = 0; i < count; i++) yield cipher.update(Buffer.alloc(MiB));
}

/** In the form of `digest`. */
export async function digestOf(bytes: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const piece of bytes) {
    size += piece.length;
    hash.update(piece);
  }
  return `${size} ${hash.digest('hex')}`;
}
