import { lstat, mkdir, open, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type Clock, realClock } from '@client-ts/apimachinery';
import type { CertificateStore } from './certificate-store.js';
import { KeyPair } from './key-pair.js';

export interface FileStoreOptions {
  /** What names of files begin with, such as `kubelet-client`. */
  readonly prefix: string;
  readonly directory: string;
  /** Where `<prefix>.key` is looked for. Default: `directory`. */
  readonly keyDirectory?: string | undefined;
  /** Files that somebody else has written, which count until the first update. */
  readonly certFile?: string | undefined;
  readonly keyFile?: string | undefined;
  /** Default: real time. */
  readonly clock?: Clock | undefined;
}

/**
 * Keeps certificates in files, as client-go and so kubelet does: each with its key in `<prefix>-<time>.pem`, for its owner's eyes
 * only (0600), and `<prefix>-current.pem`, a symbolic link, to the one that counts. The link is replaced in one step: whoever
 * reads it finds the pair of before or the new one. Needs a file system with symbolic links.
 *
 * The first of these that exists is what is current: `<prefix>-current.pem`; `certFile` and `keyFile`; `<prefix>.crt` and
 * `<prefix>.key`. Pairs of before are left where they are.
 */
export class FileStore implements CertificateStore {
  /** The link to the pair that counts. */
  readonly currentPath: string;
  readonly #updatedPath: string;
  readonly #options: FileStoreOptions;
  readonly #clock: Clock;

  constructor(options: FileStoreOptions) {
    const { prefix, directory, clock = realClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.currentPath = path.join(directory, `${prefix}-current.pem`);
    this.#updatedPath = path.join(directory, `${prefix}-updated.pem`);
  }

  /** Rejects when a file cannot be read, or holds no certificate with its key; the message names it. */
  async current(): Promise<KeyPair | undefined> {
    const { prefix, directory, keyDirectory = directory, certFile, keyFile } = this.#options;
    await this.#finishSwitch();
    if (await isThere(this.currentPath)) return readPair(this.currentPath, this.currentPath);
    const pairs = [
      [certFile, keyFile],
      [path.join(directory, `${prefix}.crt`), path.join(keyDirectory, `${prefix}.key`)],
    ];
    for (const [cert, key] of pairs) {
      if (cert !== undefined && key !== undefined && (await isThere(cert)) && (await isThere(key)))
        return readPair(cert, key);
    }
    return undefined;
  }

  /** Rejects when a file cannot be written, or where the link should be is something else, which is left alone. */
  async update(pair: KeyPair): Promise<void> {
    await mkdir(this.#options.directory, { recursive: true, mode: 0o755 });
    await mustBeLink(this.currentPath);
    const file = await this.#write(pair.cert + pair.key);
    if (await mustBeLink(this.#updatedPath)) await rm(this.#updatedPath);
    // Beside it, so that the directory may be moved, or be mounted elsewhere.
    await symlink(path.basename(file), this.#updatedPath);
    await rename(this.#updatedPath, this.currentPath);
  }

  /** The pair is on the disk when this resolves. */
  async #write(text: string): Promise<string> {
    const { prefix, directory } = this.#options;
    const base = path.join(directory, `${prefix}-${timestamp(this.#clock.now())}`);
    for (let attempt = 0; ; attempt++) {
      const file = attempt === 0 ? `${base}.pem` : `${base}-${attempt}.pem`;
      // One that is there may be the current one.
      const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return undefined;
        throw error;
      });
      if (!handle) continue;
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return file;
    }
  }

  /** client-go takes the link away before it puts the new one there, and may have been interrupted. */
  async #finishSwitch(): Promise<void> {
    if ((await isThere(this.currentPath)) || !(await mustBeLink(this.#updatedPath))) return;
    await rename(this.#updatedPath, this.currentPath);
  }
}

async function readPair(certFile: string, keyFile: string): Promise<KeyPair> {
  const cert = await readFile(certFile, 'utf8');
  const key = certFile === keyFile ? cert : await readFile(keyFile, 'utf8');
  try {
    return new KeyPair({ cert, key });
  } catch (cause) {
    const files = certFile === keyFile ? certFile : `${certFile}, ${keyFile}`;
    throw new TypeError(`${files}: ${(cause as Error).message}`, { cause });
  }
}

/** Whether there is a symbolic link; rejects when there is something else. */
async function mustBeLink(file: string): Promise<boolean> {
  const found = await lstat(file).catch(ifMissing);
  if (found && !found.isSymbolicLink()) throw new Error(`expected ${file} to be a symbolic link, but it is a file`);
  return found !== undefined;
}

/** Whether there is a file; false for a link that leads nowhere. */
async function isThere(file: string): Promise<boolean> {
  return (await stat(file).catch(ifMissing)) !== undefined;
}

function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

/** As in `2006-01-02-15-04-05`: UTC, so that files are in order also where clocks are changed twice a year. */
function timestamp(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replaceAll(/[T:]/g, '-');
}
