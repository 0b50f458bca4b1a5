import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A connection to this machine that each side ends for itself. */
export async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  await once(socket, 'connect');
  return socket;
}

/** Says all this, and that it was all; resolves with the answer when that has ended. */
export async function tell(port: number, said: string | Iterable<Uint8Array>): Promise<string> {
  const socket = await open(port);
  const answer = buffer(socket);
  answer.catch(() => undefined);
  for (const piece of typeof said === 'string' ? [said] : said) {
    if (!socket.write(piece)) await once(socket, 'drain');
  }
  socket.end();
  return (await answer).toString();
}

/**
 * What a socket hears, and how that ends; asked for as soon as it is open, since nobody is told again. It is left open for what it has to
 * say.
 */
export async function heardBy(socket: Socket): Promise<readonly [said: string, how: 'end' | 'reset']> {
  let said = '';
  socket.on('data', (bytes) => (said += String(bytes)));
  const how = await new Promise<'end' | 'reset'>((resolve, reject) => {
    socket.once('end', () => resolve('end'));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve('reset') : reject(error),
    );
  });
  return [said, how];
}
