/** Why a connection to a port ended, or was never made. */
export type PortForwardFailure =
  /** The server says that it could not connect, or that the connection in the Pod failed. Other connections are not concerned. */
  | 'remote'
  /** The other side of this connection is gone, and would not get what was to be written. */
  | 'ended'
  /** It was let go of, by disposing, before its end. */
  | 'disposed'
  /** The server took no connection in time, on two tunnels. */
  | 'timeout'
  /** The server sent what the protocol does not know. */
  | 'protocol'
  /** A local address cannot be listened on. */
  | 'listen';

/** Forwarding failed by itself: what the server answers to a request is a `StatusError`. */
export class PortForwardError extends Error {
  override readonly name = 'PortForwardError';
  readonly failure: PortForwardFailure;

  constructor(failure: PortForwardFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Whether `err` is a `PortForwardError` of this or another copy of the package. */
export function isPortForwardError(err: unknown): err is PortForwardError {
  return err instanceof Error && err.name === 'PortForwardError' && 'failure' in err;
}
