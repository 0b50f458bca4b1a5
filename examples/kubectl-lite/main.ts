import { type Command, Program } from './command.js';
import { apiResources } from './commands/api-resources.js';
import { apiVersions } from './commands/api-versions.js';
import { apply } from './commands/apply.js';
import { deleteCommand } from './commands/delete.js';
import { explain } from './commands/explain.js';
import { get } from './commands/get.js';
import { scale } from './commands/scale.js';
import { wait } from './commands/wait.js';
import { describeFailure } from './failure.js';
import { type CommandLine, parseFlags } from './flags.js';
import { globalFlags, type Io, Session } from './session.js';

const Commands: Readonly<Record<string, Command>> = {
  'api-resources': apiResources,
  'api-versions': apiVersions,
  apply,
  delete: deleteCommand,
  explain,
  get,
  scale,
  wait,
};

/** Runs a command line, without the program. Resolves with its exit code, whatever happens. */
export async function main(words: readonly string[], io: Io): Promise<number> {
  try {
    return await run(words, io);
  } catch (error) {
    // Who ends a watch knows why it ended.
    if (io.signal.aborted) return 130;
    io.stderr(describeFailure(error));
    return 1;
  }
}

async function run(words: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = words;
  const command = name !== undefined && Object.hasOwn(Commands, name) ? Commands[name] : undefined;
  if (!command) {
    if (name !== undefined) throw new Error(`unknown command ${JSON.stringify(name)} for "${Program}"`);
    io.stdout(help());
    return 0;
  }
  const specs = { ...globalFlags, ...command.flags, help: { type: 'bool', short: 'h' } } as const;
  let line: CommandLine<typeof specs>;
  try {
    line = parseFlags(specs, rest);
  } catch (error) {
    throw new Error(`${(error as Error).message}\nSee '${Program} ${name} --help' for usage.`, { cause: error });
  }
  if (line.flags.help) {
    io.stdout(`Usage: ${Program} ${name} ${command.usage}\n`);
    return 0;
  }
  const missing = (command.required ?? []).filter((flag) => !line.given.has(flag));
  if (missing.length > 0) throw new Error(`required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set`);
  await using session = await Session.open(line.flags, io);
  await command.run(session, line);
  return 0;
}

function help(): string {
  const lines = Object.entries(Commands).map(([name, { usage }]) => `  ${`${name} ${usage}`.trimEnd()}\n`);
  const flags = Object.keys(globalFlags).map((name) => `--${name}`);
  return `Usage: ${Program} COMMAND …\n\n${lines.join('')}\nFor all of them: ${flags.join(', ')}.\n`;
}
