/** Why a plugin gave no credential. */
export type ExecPluginFailure =
  /** The program is not there, or is no program. */
  | 'not-found'
  /** It ended with another exit code than 0, or was killed. */
  | 'failed'
  /** What it printed is no credential. */
  | 'bad-output'
  /** The policy does not allow it. */
  | 'not-allowed'
  /** It needs a terminal, and there is none. */
  | 'not-interactive';

/** A plugin gave no credential. The message names the program, and holds nothing that it printed. */
export class ExecPluginError extends Error {
  override readonly name = 'ExecPluginError';
  readonly failure: ExecPluginFailure;

  constructor(failure: ExecPluginFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}

/** Whether `err` is an `ExecPluginError` of this or another copy of the package. */
export function isExecPluginError(err: unknown): err is ExecPluginError {
  return err instanceof Error && err.name === 'ExecPluginError' && 'failure' in err;
}
