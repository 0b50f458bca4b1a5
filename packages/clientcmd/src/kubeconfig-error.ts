/**
 * A kubeconfig that cannot be used. The message names file, entry and field of each problem, in a line of its own, and never
 * quotes a credential.
 */
export class KubeconfigError extends Error {
  override readonly name = 'KubeconfigError';
  /** All that was found to be wrong. */
  readonly problems: readonly string[];

  constructor(problems: string | readonly string[], options?: ErrorOptions) {
    const list = typeof problems === 'string' ? [problems] : problems;
    super(list.join('\n'), options);
    this.problems = list;
  }
}

/** Whether `err` is a `KubeconfigError` of this or another copy of the package. */
export function isKubeconfigError(err: unknown): err is KubeconfigError {
  return err instanceof Error && err.name === 'KubeconfigError' && 'problems' in err;
}
