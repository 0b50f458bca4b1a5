import path from 'node:path';
import { lstat } from 'node:fs/promises';
import type { Config } from '@client-ts/rest';
import { type CopyOptions, type CopySummary, CopyTally } from './copy-options.js';
import { packFiles } from './pack-files.js';
import { remotePath } from './remote-path.js';
import { complaintOf, expectSuccess, runIn } from './tar-process.js';

export interface CopyToPodOptions extends CopyOptions {
  /** A file or directory here. */
  readonly from: string;
  /** Its path in the container; when that is a directory, it is copied into it, under its own name. */
  readonly to: string;
}

/**
 * Copies a file or a directory into a container, as `kubectl cp` does: with the `tar` of the container, which has to be there,
 * and on the way, without a copy of it in memory. Links are copied as links; sockets, pipes and devices are skipped.
 *
 * Resolves when tar has ended well, and rejects with a {@link CopyError} otherwise; else as `exec`, and as reading files does. What
 * was copied before a failure is there.
 */
export async function copyToPod(config: Config, options: CopyToPodOptions): Promise<CopySummary> {
  const from = path.resolve(options.from);
  const to = remotePath('to', options.to);
  await lstat(from);
  const target = (await isDirectory(config, options, to)) ? path.posix.join(to, path.basename(from)) : to;
  const tally = new CopyTally(options.onProgress);
  const command = ['tar', '-xmf', '-', '-C', path.posix.dirname(target)];
  const stdin = packFiles(from, path.posix.basename(target), tally);
  await using process = await runIn(config, options, { command, stdin, stdout: false });
  const [complaint] = await Promise.all([complaintOf(process), process.exit]);
  await expectSuccess(process, options, complaint);
  return tally.summary;
}

async function isDirectory(config: Config, options: CopyOptions, remote: string): Promise<boolean> {
  await using process = await runIn(config, options, { command: ['test', '-d', remote], stdout: false });
  return (await process.exit).code === 0;
}
