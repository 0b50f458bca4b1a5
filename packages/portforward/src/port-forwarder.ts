export interface ForwardedPort {
  /** Where is listened, on each of the addresses. */
  readonly local: number;
  /** The port of the Pod. */
  readonly remote: number;
}

/** Local ports whose connections go to a Pod. Disposing ends them all, and resolves when nothing is open. */
export interface PortForwarder extends AsyncDisposable {
  /** The ports in use, in the order in which they were asked for; a local port given as 0 is filled in. */
  readonly ports: readonly ForwardedPort[];
  /**
   * Settles when forwarding ends: resolves after disposing and aborting, rejects with a `LostConnectionError` when the Pod is gone.
   * Whoever does not look is not troubled with it.
   */
  readonly closed: Promise<void>;
}
