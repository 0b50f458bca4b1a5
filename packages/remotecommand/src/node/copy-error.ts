/** The `tar` of a container failed, or sent what must not be taken. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
  /** Exit code of `tar`; `undefined` when it is not the reason. */
  readonly code: number | undefined;

  constructor(message: string, code?: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Whether `err` is a `CopyError` of this or another copy of the package. */
export function isCopyError(err: unknown): err is CopyError {
  return err instanceof Error && err.name === 'CopyError';
}
