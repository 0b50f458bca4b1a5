import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The absolute path of a program: itself when it has a directory, be it `.`, otherwise the first in `PATH`. `undefined` when there
 * is none.
 *
 * As in Go, a directory of `PATH` that is not absolute counts for nothing: what lies in the working directory is not run
 * by its bare name.
 */
export async function lookPath(command: string, env: Environment): Promise<string | undefined> {
  if (command === '') return undefined;
  const listed = (env['PATH'] ?? env['Path'] ?? '').split(path.delimiter);
  const directories = isName(command) ? listed.filter((directory) => path.isAbsolute(directory)) : [''];
  for (const directory of directories) {
    for (const extension of extensions(command, env)) {
      const candidate = path.resolve(directory, command + extension);
      if (await isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** Whether a command is looked up in `PATH`. */
export function isName(command: string): boolean {
  return !command.includes('/') && !command.includes(path.sep);
}

function extensions(command: string, env: Environment): readonly string[] {
  if (process.platform !== 'win32' || path.extname(command) !== '') return [''];
  return (env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false; // not there, or not for us: that is the answer
  }
}
