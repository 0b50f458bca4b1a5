/** Why streams to a container ended, or never did what they were asked for. */
export type RemoteCommandFailure =
  /** They were let go of, by disposing, before the other side was done. */
  | 'disposed'
  /** The peer sent what the protocol does not know, or ended without saying how it went. */
  | 'protocol'
  /** There is no process any more that would read what was written to stdin. */
  | 'ended'
  /** The server speaks a protocol in which stdin cannot end: `v4.channel.k8s.io`. */
  | 'halfClose';

/** Streams to a container failed by themselves: what the server says is a `StatusError`, a lost connection a `TransportError`. */
export class RemoteCommandError extends Error {
  override readonly name = 'RemoteCommandError';
  readonly failure: RemoteCommandFailure;

  constructor(failure: RemoteCommandFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Whether `err` is a `RemoteCommandError` of this or another copy of the package. */
export function isRemoteCommandError(err: unknown): err is RemoteCommandError {
  return err instanceof Error && err.name === 'RemoteCommandError' && 'failure' in err;
}
