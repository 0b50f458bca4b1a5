import { parseArgs } from 'node:util';

/** What is to be run, and where. */
export interface CommandLine {
  readonly pod: string;
  readonly command: readonly string[];
  readonly container: string | undefined;
  readonly namespace: string | undefined;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly quiet: boolean;
}

const Usage =
  'Usage: kubectl-exec POD [-c CONTAINER] [-n NAMESPACE] [-i] [-t] [-q] [--context NAME] [--kubeconfig FILE] -- COMMAND [ARGUMENT …]';

const options = {
  container: { type: 'string', short: 'c' },
  namespace: { type: 'string', short: 'n' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  stdin: { type: 'boolean', short: 'i', default: false },
  tty: { type: 'boolean', short: 't', default: false },
  quiet: { type: 'boolean', short: 'q', default: false },
} as const;

/** @throws Error, that says which word is wrong. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const separator = words.indexOf('--');
  // What stands behind it is the command's own, whatever it looks like.
  const own = separator < 0 ? words : words.slice(0, separator);
  const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true, strict: true });
  const [pod, ...others] = positionals.map((word) => word.replace(/^(?:po|pods?)\//, ''));
  if (pod === undefined) throw new Error(`expected the name of a pod\n${Usage}`);
  if (others.length > 0)
    throw new Error(`expected \`--\` before the command, got ${JSON.stringify(others[0])}\n${Usage}`);
  const command = separator < 0 ? [] : words.slice(separator + 1);
  if (command.length === 0) throw new Error('you must specify at least one command for the container');
  const { container, namespace, kubeconfig, context, stdin, tty, quiet } = values;
  return { pod, command, container, namespace, kubeconfig, context, stdin, tty, quiet };
}
