import type { TunnelPool } from './tunnel-pool.js';
import { WebStreams } from './web-streams.js';

/**
 * A connection to a port of a Pod, as the program there sees one: each direction ends for itself.
 *
 * What the server has against it — nobody listens on the port, say — comes as an error of these streams, a `PortForwardError`
 * (`remote`), and of no other connection. A lost tunnel is a `LostConnectionError`. After the Pod has ended both directions, what is
 * written fails with a `PortForwardError` (`ended`).
 *
 * Aborting `writable`, and disposing before the end, break the connection off. Then the Pod sees an end, as servers have nothing else
 * to tell it.
 */
export interface PodConnection extends AsyncDisposable {
  /** Ends when the Pod sends no more. After `cancel()` nothing that comes is kept. */
  readonly readable: ReadableStream<Uint8Array>;
  /** A chunk has been taken when 256 KiB at most wait to be sent. Closing tells the Pod that it was all. */
  readonly writable: WritableStream<Uint8Array>;
}

/** Resolves and rejects as the pool does. */
export async function connectStreams(pool: TunnelPool, port: number, signal?: AbortSignal): Promise<PodConnection> {
  const streams = new WebStreams(pool.maxBufferedBytes);
  const connection = await pool.connect(port, streams, signal);
  streams.attach(connection);
  const { readable, writable } = streams;
  return { readable, writable, [Symbol.asyncDispose]: async () => connection.dispose() };
}
