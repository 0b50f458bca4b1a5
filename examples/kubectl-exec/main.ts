import { parseCommandLine } from './command-line.js';
import { describeFailure } from './failure.js';
import { type Io, run } from './run.js';

/** What a shell makes of a program that wrote to somebody who has gone, such as `head`. */
const BrokenPipe = 141;

/** Runs a command line, without the program. Resolves with its exit code, whatever happens. */
export async function main(words: readonly string[], io: Io): Promise<number> {
  try {
    const code = await run(parseCommandLine(words), io);
    if (code !== 0) io.stderr.write(`command terminated with exit code ${code}\n`);
    return code;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return BrokenPipe;
    io.stderr.write(`${describeFailure(error)}\n`);
    return 1;
  }
}
