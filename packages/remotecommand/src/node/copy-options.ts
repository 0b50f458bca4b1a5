import type { StreamOptions } from '../remote-streams.js';

export interface CopyOptions extends Pick<StreamOptions, 'namespace' | 'pod' | 'container' | 'heartbeat' | 'signal'> {
  /** Called whenever some bytes of a file have been copied; what it throws ends the copy. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
}

export interface CopyProgress {
  /** Of the file, below what is copied, with `/`; empty for a single file. */
  readonly path: string;
  /** Of all files, so far. */
  readonly bytes: number;
}

export interface CopySummary {
  readonly files: number;
  readonly bytes: number;
  /** What was left out, and why. */
  readonly skipped: readonly SkippedEntry[];
}

export interface SkippedEntry {
  readonly path: string;
  /** What it is: `symlink`, `fifo`, …; `undecodable` when its name, or that of a directory it is in, is no UTF-8. */
  readonly type: string;
}

/** Counts what is copied. */
export class CopyTally {
  files = 0;
  bytes = 0;
  readonly skipped: SkippedEntry[] = [];
  readonly #onProgress: CopyOptions['onProgress'];

  constructor(onProgress: CopyOptions['onProgress']) {
    this.#onProgress = onProgress;
  }

  add(path: string, bytes: number): void {
    this.bytes += bytes;
    this.#onProgress?.({ path, bytes: this.bytes });
  }

  skip(path: string, type: string): void {
    this.skipped.push({ path, type });
  }

  get summary(): CopySummary {
    const { files, bytes, skipped } = this;
    return { files, bytes, skipped };
  }
}
