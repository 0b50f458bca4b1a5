import { newBadRequest, newResourceExpired } from '@client-ts/apimachinery/errors';

/** Where the next page of a list starts, and in which state of the server. */
export interface ContinueToken {
  /** `undefined` is the current state, whatever it is then: the pages do not fit together exactly. */
  readonly revision: number | undefined;
  /** Key of the last item that was sent, without the prefix of the list. */
  readonly after: string;
}

const Version = 'meta.k8s.io/v1';

/** The token as real servers write it: clients must not look into it, but people do. */
export function encodeContinue({ revision = -1, after }: ContinueToken): string {
  const text = JSON.stringify({ v: Version, rv: revision, start: `/${after}\0` });
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @throws StatusError 400 when it is not a token. */
export function decodeContinue(token: string): ContinueToken {
  const { v = '', rv = 0, start } = parse(token);
  if (v !== Version) throw invalidToken(`server does not recognize this encoded version ${String(v)}`);
  if (typeof rv !== 'number' || rv === 0 || !Number.isSafeInteger(rv)) {
    throw invalidToken(`incorrect encoded start resourceVersion (version ${Version})`);
  }
  if (typeof start !== 'string' || start === '') {
    throw invalidToken(`encoded start key empty (version ${Version})`);
  }
  if (start.split('/').includes('..')) throw invalidToken(start);
  return { revision: rv < 0 ? undefined : rv, after: start.replace(/^\//, '').replace(/\0$/, '') };
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  let value: unknown;
  try {
    const binary = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
    value = JSON.parse(new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
  } catch (error) {
    throw invalidToken((error as Error).message);
  }
  return typeof value === 'object' && value !== null ? value : {};
}

function invalidToken(problem: string): Error {
  return newBadRequest(`invalid continue token: continue key is not valid: ${problem}`);
}

/** The state that the pages show has been compacted away. The new token goes on in the current state instead. */
export function expiredContinue(after: string): Error {
  const error = newResourceExpired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
  );
  error.status.metadata = { continue: encodeContinue({ revision: undefined, after }) };
  return error;
}

/** A list at a version whose state is no longer known. */
export function expiredVersion(): Error {
  return newResourceExpired('The resourceVersion for the provided list is too old.');
}
