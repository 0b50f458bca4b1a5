/** Whose log it is. */
export interface LogSource {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/**
 * The log of a container could not be read, or not any further. `cause` says why: a `StatusError` is what the server said, a
 * `TransportError` a lost connection that was not to be waited for.
 */
export class PodLogError extends Error implements LogSource {
  override readonly name = 'PodLogError';
  readonly namespace: string;
  readonly pod: string;
  /** Empty when it is not known which one was meant. */
  readonly container: string;

  constructor({ namespace, pod, container }: LogSource, why: string, options?: ErrorOptions) {
    super(`logs of ${namespace}/${pod}${container === '' ? '' : `, container ${container}`}: ${why}`, options);
    this.namespace = namespace;
    this.pod = pod;
    this.container = container;
  }
}

/** Whether `err` is a `PodLogError` of this or another copy of the package. */
export function isPodLogError(err: unknown): err is PodLogError {
  return err instanceof Error && err.name === 'PodLogError' && 'container' in err;
}
