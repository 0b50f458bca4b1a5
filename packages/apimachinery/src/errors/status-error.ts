import type { Status } from './status.js';

/**
 * The API server answered, and the answer was an error.
 *
 * The message is the server's own. Tell errors apart with the guards (`isNotFound(err)` …), which look at the data and
 * therefore also work when two copies of this package are installed.
 */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  /** The server's `Status`, as parsed. */
  readonly status: Status;

  constructor(status: Status, options?: ErrorOptions) {
    super(status.message || status.reason || 'unknown error', options);
    this.status = status;
  }

  /** HTTP status code; 0 when the server gave none. */
  get code(): number {
    return this.status.code ?? 0;
  }

  /** Machine-readable reason, such as `"NotFound"`; empty when the server gave none. */
  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** Whether `err` is a `StatusError` of this or another copy of the package. */
export function isStatusError(err: unknown): err is StatusError {
  if (!(err instanceof Error) || err.name !== 'StatusError') return false;
  const { status } = err as Partial<StatusError>;
  return typeof status === 'object' && status !== null;
}
