import { once } from 'node:events';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';

/** How long a port stays spoken for: a server that was given it has bound it by then, or never will. */
const ReservationMs = 2 * 60_000;

/**
 * A port of loopback that nobody listens on, and that no other process which asks this way is given for two minutes.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    if (reserve(port)) return port;
  }
  throw new Error('no free port in 100 attempts');
}

/** Making a directory is atomic: of two processes that want the same port, one gets it. */
function reserve(port: number): boolean {
  const directory = path.join(tmpdir(), 'client-ts-envtest-ports', String(port));
  try {
    mkdirSync(path.dirname(directory), { recursive: true });
    if (Date.now() - (statSync(directory, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > ReservationMs)
      rmdirSync(directory);
    mkdirSync(directory);
    return true;
  } catch {
    return false; // spoken for
  }
}
