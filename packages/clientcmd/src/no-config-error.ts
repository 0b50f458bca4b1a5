/** A place where a config might have been, and why none came from it. */
export interface RejectedSource {
  /** `KUBECONFIG`, `~/.kube/config`, `in-cluster` or `KUBERNETES_MASTER`. */
  readonly source: string;
  readonly reason: string;
}

/** Nothing says which server to talk to. The message tells where was looked, and why that did not help. */
export class NoConfigError extends Error {
  override readonly name = 'NoConfigError';
  readonly rejected: readonly RejectedSource[];

  constructor(rejected: readonly RejectedSource[]) {
    const lines = rejected.map(({ source, reason }) => `\n- ${source}: ${reason}`);
    super(`no configuration has been found:${lines.join('')}`);
    this.rejected = rejected;
  }
}

/** Whether `err` is a `NoConfigError` of this or another copy of the package. */
export function isNoConfigError(err: unknown): err is NoConfigError {
  return err instanceof Error && err.name === 'NoConfigError' && 'rejected' in err;
}
