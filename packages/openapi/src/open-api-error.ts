/**
 * - `notFound`: the server has no such group version, or the document no such kind, schema or field.
 * - `malformed`: the document is not what an API server publishes.
 * - `tooLarge`: it is beyond a limit that no real document comes near.
 */
export type OpenApiErrorReason = 'notFound' | 'malformed' | 'tooLarge';

/** An OpenAPI document does not have, or is not, what was asked for. The message names the place in it. */
export class OpenApiError extends Error {
  override readonly name = 'OpenApiError';
  readonly reason: OpenApiErrorReason;

  constructor(reason: OpenApiErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Whether `err` is an `OpenApiError` of this or another copy of the package. */
export function isOpenApiError(err: unknown): err is OpenApiError {
  return err instanceof Error && err.name === 'OpenApiError' && 'reason' in err;
}
