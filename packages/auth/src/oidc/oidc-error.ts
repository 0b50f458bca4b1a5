/** No token came from an OpenID Connect provider. The message names the step and the host, and holds no credential. */
export class OidcError extends Error {
  override readonly name = 'OidcError';
}

/** Whether `err` is an `OidcError` of this or another copy of the package. */
export function isOidcError(err: unknown): err is OidcError {
  return err instanceof Error && err.name === 'OidcError';
}
