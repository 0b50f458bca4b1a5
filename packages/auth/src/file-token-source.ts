import { readFile } from 'node:fs/promises';
import { type Clock, realClock, SingleFlight } from '@client-ts/apimachinery';
import type { TokenSource } from '@client-ts/rest';

/** Kubelet replaces a projected token well before it expires: client-go looks once a minute. */
const PeriodMs = 60_000;

/** So much before the minute is over; and so long after a failure, until the file is read again. */
const LeewayMs = 10_000;

export interface FileTokenSourceOptions {
  /** Default: real time. */
  readonly clock?: Clock | undefined;
  /** Told when the file cannot be read, and the token of before stays in use. Default: `console.warn`. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Reads the file. Default: Node's `readFile`. */
  readonly read?: ((path: string) => Promise<string>) | undefined;
}

/**
 * The token in a file, such as a service account's. The file is read again within a minute, and at once when the server
 * refuses the token.
 *
 * A token that was read once stays in use when the file cannot be read later. Rejects when no token could be read at all;
 * the message names the file.
 */
export function fileTokenSource(path: string, options: FileTokenSourceOptions = {}): TokenSource {
  const {
    clock = realClock,
    onError = (error) => console.warn(error.message),
    read = (file) => readFile(file, 'utf8'),
  } = options;
  let token: string | undefined;
  let freshUntil = -Infinity;
  const reading = new SingleFlight<string>();

  async function refresh(): Promise<string> {
    try {
      token = await readToken(path, read);
      freshUntil = clock.now() + PeriodMs - LeewayMs;
    } catch (error) {
      if (token === undefined) throw error;
      freshUntil = clock.now() + LeewayMs;
      onError(error as Error);
    }
    return token;
  }

  return async ({ signal, rejected }) => {
    signal?.throwIfAborted();
    if (token !== undefined && token !== rejected && clock.now() < freshUntil) return token;
    return reading.join(refresh, signal);
  };
}

async function readToken(path: string, read: (path: string) => Promise<string>): Promise<string> {
  let text: string;
  try {
    text = await read(path);
  } catch (cause) {
    throw new Error(`cannot read a token from ${path}: ${(cause as Error).message}`, { cause });
  }
  const token = text.trim();
  if (token === '') throw new Error(`cannot read a token from ${path}: the file is empty`);
  return token;
}
