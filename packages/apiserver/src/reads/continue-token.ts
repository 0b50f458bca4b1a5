import { newBadRequest, newResourceExpired, newStatusError } from '@client-ts/apimachinery/errors';

/** Where the next page of a list starts, and in which state of the server. */
export interface ContinueToken {
  readonly revision: number;
  /** Key of the last item that was sent. */
  readonly after: string;
}

/** The token as real servers write it: clients must not look into it, but people do. */
export function encodeContinue({ revision, after }: ContinueToken): string {
  const text = JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${after}\0` });
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws StatusError 400 when it is not a token. */
export function decodeContinue(token: string): ContinueToken {
  const parsed = parse(token);
  const { v, rv, start } = parsed;
  if (v !== 'meta.k8s.io/v1') {
    throw invalidToken(
      `continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v ?? '')}`,
    );
  }
  if (typeof rv !== 'number' || rv < -1 || rv === 0 || !Number.isSafeInteger(rv)) {
    throw invalidToken('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw invalidToken('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  }
  return { revision: rv, after: start.replace(/\0$/, '') };
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  let value: unknown;
  try {
    const binary = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
    value = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
  } catch (error) {
    throw invalidToken(`continue key is not valid: ${(error as Error).message}`);
  }
  return typeof value === 'object' && value !== null ? value : {};
}

function invalidToken(problem: string): Error {
  return newBadRequest(`invalid continue token: ${problem}`);
}

/** The state that the pages show has been compacted away. The new token goes on in the current state instead. */
export function expiredContinue(after: string): Error {
  const error = newResourceExpired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata = { continue: encodeContinue({ revision: -1, after }) };
  return error;
}

/** A list at a version whose state is no longer known. */
export function expiredVersion(): Error {
  return newStatusError(410, 'Expired', 'The resourceVersion for the provided list is too old.');
}
