import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';

/** How long a port stays spoken for: a server that was given it has bound it by then, or never will. */
const ReservationMs = 2 * 60_000;

/**
 * A port of loopback that nobody listens on, and that no other process of this user which asks this way is given for two
 * minutes.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (reserve(port, path.join(tmpdir(), `client-ts-envtest-ports-${userInfo().uid}`))) return port;
  }
  throw new Error('no free port in 100 attempts');
}

/** Making a directory is atomic: of two processes that want the same port, one gets it. */
export function reserve(port: number, reservations: string): boolean {
  mkdirSync(reservations, { recursive: true });
  forgetOldOnes(reservations);
  try {
    mkdirSync(path.join(reservations, String(port)));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function forgetOldOnes(reservations: string): void {
  const oldest = Date.now() - ReservationMs;
  for (const name of readdirSync(reservations)) {
    const reservation = path.join(reservations, name);
    const made = statSync(reservation, { throwIfNoEntry: false });
    if (made && made.mtimeMs < oldest) rmSync(reservation, { recursive: true, force: true });
  }
}
