import { constants, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { printable } from '@client-ts/apimachinery';
import { CopyError } from './copy-error.js';

const Flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

/**
 * A directory that is written into, and nowhere else: no link below it is written through, whoever made it, and a file that has other
 * names is replaced, so that they keep what they have. Links that somebody makes meanwhile are not looked for.
 *
 * What is made gets of its mode what the umask leaves; directories get it when this is disposed of, as files go into those, too, that
 * nobody may write to. What was there keeps its mode.
 */
export class TargetTree implements AsyncDisposable {
  readonly #root: string;
  /** Those that are known to be directories, outer ones first, each with its mode if it was made here. */
  readonly #directories = new Map<string, number | undefined>();

  /** @param root - may be a link to a directory, and need not be there. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Makes a directory, and those that it is in. Resolves with where it is. */
  async makeDirectory(parts: readonly string[], mode = 0o777): Promise<string> {
    const place = path.join(this.#root, ...parts);
    if (!this.#directories.has(place)) {
      if (parts.length > 0) await this.makeDirectory(parts.slice(0, -1));
      else await mkdir(path.dirname(place), { recursive: true });
      const isNew = await mkdir(place, mode).then(() => true, falseIf('EEXIST'));
      const stats = await (parts.length > 0 ? lstat : stat)(place);
      expectNoLink(place, stats);
      if (!stats.isDirectory())
        throw new CopyError(`${shown(place)} is no directory, so that nothing is written below it`);
      if (isNew) await chmod(place, stats.mode | 0o700);
      this.#directories.set(place, isNew ? stats.mode : undefined);
    }
    const made = this.#directories.get(place);
    // It may have been made for what is in it, before it was its own turn.
    if (made !== undefined) this.#directories.set(place, made & (mode | ~0o777));
    return place;
  }

  /** Writes a file, and makes the directories that it is in. What has not come whole is removed. Resolves with where it is. */
  async writeFile(
    parts: readonly string[],
    mode: number,
    body: AsyncIterable<Uint8Array>,
    onBytes: (count: number) => void = () => {},
  ): Promise<string> {
    const place = path.join(await this.makeDirectory(parts.slice(0, -1)), ...parts.slice(-1));
    const there = await lstat(place).catch(falseIf('ENOENT'));
    if (there) {
      expectNoLink(place, there);
      if (there.isFile() && there.nlink > 1) await rm(place);
    }
    await using file = await open(place, Flags, mode);
    try {
      for await (const chunk of body) {
        await file.writeFile(chunk);
        onBytes(chunk.length);
      }
    } catch (error) {
      if ((await file.stat()).isFile()) await rm(place, { force: true });
      throw error;
    }
    return place;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [place, mode] of [...this.#directories].toReversed()) {
      if (mode !== undefined) await chmod(place, mode & 0o7777);
    }
  }
}

function expectNoLink(place: string, stats: Stats): void {
  if (stats.isSymbolicLink()) throw new CopyError(`${shown(place)} is a link, which is not to be written through`);
}

function shown(place: string): string {
  return `"${printable(place.slice(-200))}"`;
}

function falseIf(code: string): (error: NodeJS.ErrnoException) => false {
  return (error) => {
    if (error.code === code) return false;
    throw error;
  };
}
