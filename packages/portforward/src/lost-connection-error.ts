/**
 * The tunnel that a connection went through is gone, and the connection with it: what was on the way may or may not have arrived.
 * The cause tells what happened to the tunnel. Nothing is ever sent again by itself; a new connection takes a new tunnel.
 */
export class LostConnectionError extends Error {
  override readonly name = 'LostConnectionError';
}

/** Whether `err` is a `LostConnectionError` of this or another copy of the package. */
export function isLostConnectionError(err: unknown): err is LostConnectionError {
  return err instanceof Error && err.name === 'LostConnectionError';
}
