import path from 'node:path';
import type { Config } from '@client-ts/rest';
import { type CopyOptions, type CopySummary, CopyTally } from './copy-options.js';
import { remotePath } from './remote-path.js';
import { complaintOf, expectSuccess, runIn } from './tar-process.js';
import { unpackFiles } from './unpack-files.js';

export interface CopyFromPodOptions extends CopyOptions {
  /** A file or directory in the container. */
  readonly from: string;
  /** What it is to be called here; when that is a directory, a file is copied into it, and a directory merged with it. */
  readonly to: string;
}

/**
 * Copies a file or a directory out of a container, as `kubectl cp` does: with the `tar` of the container, which has to be there, and
 * on the way, without a copy of it in memory.
 *
 * The container is not trusted: nothing is written outside of `to`, no link is made, and none below `to` is written through, whoever
 * made it: the copy fails there. A file that has another name, as a hard link, is replaced, and keeps what it has under that one.
 * Links, pipes and devices are skipped, and so is what has a name that is no UTF-8, or has a U+FFFD in it, which cannot be told apart;
 * what is left out is in the summary. What is made gets the permissions it has there, less the umask; what was here keeps its own.
 *
 * Resolves when all has come, and rejects with a {@link CopyError} when tar failed or sent what is not to be written; else as
 * `exec`, and as writing files does. What was copied before a failure is there, except for a file that has not come whole.
 */
export async function copyFromPod(config: Config, options: CopyFromPodOptions): Promise<CopySummary> {
  const from = remotePath('from', options.from);
  const top = path.posix.basename(from);
  const isAll = top === '' || top === '.';
  const tally = new CopyTally(options.onProgress);
  const command = ['tar', '-cf', '-', '-C', path.posix.dirname(from), isAll ? '.' : `./${top}`];
  await using process = await runIn(config, options, { command });
  const complaint = complaintOf(process);
  complaint.catch(() => undefined);
  try {
    await unpackFiles(process.stdout, isAll ? '' : top, path.resolve(options.to), tally);
  } catch (error) {
    await process[Symbol.asyncDispose]();
    // An archive breaks off because tar failed, which then is the reason; unless it still ran.
    await expectSuccess(process, options, await complaint.catch(() => '')).catch((reason: unknown) => {
      throw reason instanceof Error && reason.name === 'RemoteCommandError' ? error : reason;
    });
    throw error;
  }
  await expectSuccess(process, options, await complaint);
  return tally.summary;
}
