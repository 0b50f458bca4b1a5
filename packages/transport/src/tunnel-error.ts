/** A proxy did not open a tunnel; the server has seen nothing. */
export class TunnelError extends Error {
  override readonly name = 'TunnelError';
}
