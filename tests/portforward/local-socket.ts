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
