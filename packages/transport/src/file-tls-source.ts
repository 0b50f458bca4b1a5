import { readFile } from 'node:fs/promises';
import { type Clock, realClock } from '@client-ts/apimachinery';
import type { TlsConfig } from '@client-ts/rest';
import { secureContextOf } from './secure-context.js';
import type { TlsSource } from './tls-source.js';

/**
 * Files are looked at this often at most, and only when there are requests. Three small files cost nothing then, and
 * whoever replaces a certificate need not wait; client-go takes five minutes.
 */
const PeriodMs = 10_000;

/** Paths of PEM files. What is not a file can be given as text. */
export interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

export interface FileTlsSourceOptions {
  /** What does not come from files. */
  readonly tls?: TlsConfig | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
  /**
   * Told when new content cannot be used, once for each, and what was read before stays in use. Default: `console.warn`.
   */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Reads a file. Default: Node's `readFile`. */
  readonly read?: ((path: string) => Promise<string>) | undefined;
}

/**
 * Authorities, client certificate and key in files, such as those that a sidecar or kubelet renews. They are read again
 * within 10 seconds, and at once when a handshake failed.
 *
 * Files are taken together or not at all: one that is half written, or a certificate whose key has not arrived yet, leaves
 * the identity of before in use. Rejects with a `TypeError` when there has never been one; messages name the files, and hold
 * nothing of what is in them.
 */
export function fileTlsSource(files: TlsFiles, options: FileTlsSourceOptions = {}): TlsSource {
  const {
    tls = {},
    clock = realClock,
    onError = (error) => console.warn(error.message),
    read = (file) => readFile(file, 'utf8'),
  } = options;
  let current: TlsConfig | undefined;
  let lastProblem: string | undefined;
  let freshUntil = -Infinity;
  let reading: Promise<TlsConfig> | undefined;

  async function refresh(report: (error: Error) => void): Promise<TlsConfig> {
    try {
      const next = { ...tls, ...(await readFiles(files, read)) };
      if (!current || !sameMaterial(next, current)) {
        checkMaterial(next, files);
        current = next;
      }
      lastProblem = undefined;
    } catch (error) {
      if (!current) throw error;
      const { message } = error as Error;
      if (message !== lastProblem) report(error as Error);
      lastProblem = message;
    }
    freshUntil = clock.now() + PeriodMs;
    return current;
  }

  return ({ rejected, onError: tellTransport }) => {
    if (current && current !== rejected && clock.now() < freshUntil) return current;
    // Many requests at once read the files once.
    reading ??= refresh((error) => {
      onError(error);
      tellTransport?.(error);
    }).finally(() => {
      reading = undefined;
    });
    return reading;
  };
}

async function readFiles(files: TlsFiles, read: (path: string) => Promise<string>): Promise<TlsFiles> {
  const entries = Object.entries(files as Record<string, string | undefined>).map(async ([field, path]) => {
    if (path === undefined) return [];
    const pem = await read(path).catch((cause: Error) => {
      throw new TypeError(`tls.${field}: cannot read ${path}: ${cause.message}`, { cause });
    });
    if (!isWhole(pem)) throw new TypeError(`tls.${field}: ${path} is half written, or no PEM text`);
    return [[field, pem]];
  });
  return Object.fromEntries((await Promise.all(entries)).flat()) as TlsFiles;
}

/** OpenSSL takes what is whole, and leaves out the rest without a word. */
function isWhole(pem: string): boolean {
  const count = (pattern: RegExp): number => pem.match(pattern)?.length ?? 0;
  const begun = count(/^-----BEGIN [^-\n]+-----[ \t\r]*$/gm);
  const ended = count(/^-----END [^-\n]+-----[ \t\r]*$/gm);
  return begun > 0 && begun === ended && begun + ended === count(/-----(?:BEGIN|END) /g);
}

function sameMaterial(one: TlsConfig, other: TlsConfig): boolean {
  return one.ca === other.ca && one.cert === other.cert && one.key === other.key;
}

function checkMaterial(tls: TlsConfig, files: TlsFiles): void {
  try {
    secureContextOf(tls);
  } catch (cause) {
    const paths = Object.values(files as Record<string, string | undefined>).filter((path) => path !== undefined);
    throw new TypeError(`${(cause as Error).message} (read from ${paths.join(', ')})`, { cause });
  }
}
