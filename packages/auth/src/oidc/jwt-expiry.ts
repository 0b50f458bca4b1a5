/**
 * When a JSON Web Token expires (RFC 7519 §4.1.4), in milliseconds since the epoch. The signature is not looked at: that is
 * for whoever accepts the token.
 *
 * @throws TypeError when it is no such token, or has no `exp`. The message holds nothing of it.
 */
export function jwtExpiry(token: string): number {
  const parts = token.split('.', 4);
  if (parts.length !== 3) throw new TypeError('expected a JSON Web Token: three parts with dots in between');
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    // The parser's own message quotes the token.
    throw new TypeError('expected a JSON Web Token: its claims are no JSON');
  }
  const exp: unknown = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : undefined;
  if (typeof exp !== 'number' || !Number.isFinite(exp)) {
    throw new TypeError('expected a JSON Web Token with exp, in seconds since the epoch');
  }
  return exp * 1000;
}
