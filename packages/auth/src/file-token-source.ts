import { readFile } from 'node:fs/promises';
import { type Clock, realClock } from '@client-ts/apimachinery';
import type { TokenSource } from '@client-ts/rest';

/** Kubelet replaces a projected token well before it expires; looking once a minute is what client-go does. */
const PeriodMs = 60_000;

export interface FileTokenSourceOptions {
  readonly clock?: Clock | undefined;
  /** Reads the file. For tests. */
  readonly read?: ((path: string) => Promise<string>) | undefined;
}

/**
 * The token in a file, such as a service account's. The file is read again once a minute, and at once when the server
 * refuses the token.
 *
 * A token that was read once stays in use when the file cannot be read later. Rejects when no token could be read at all;
 * the message names the file.
 */
export function fileTokenSource(path: string, options: FileTokenSourceOptions = {}): TokenSource {
  const { clock = realClock, read = (file) => readFile(file, 'utf8') } = options;
  let token: string | undefined;
  let freshUntil = -Infinity;
  let reading: Promise<string> | undefined;

  async function refresh(): Promise<string> {
    try {
      const text = (await read(path)).trim();
      if (text === '') throw new Error('the file is empty');
      token = text;
    } catch (cause) {
      if (token === undefined)
        throw new Error(`cannot read a token from ${path}: ${(cause as Error).message}`, { cause });
    }
    freshUntil = clock.now() + PeriodMs;
    return token;
  }

  return async ({ rejected }) => {
    const fresh = token !== undefined && clock.now() < freshUntil && token !== rejected;
    if (fresh && token !== undefined) return token;
    // Many requests at once read the file once.
    reading ??= refresh().finally(() => {
      reading = undefined;
    });
    return reading;
  };
}
