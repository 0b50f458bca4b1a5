import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadStream, WriteStream } from 'node:tty';
import { type Pod, pods } from '@client-ts/api/core/v1';
import { type ContextConfig, loadConfig } from '@client-ts/clientcmd';
import { exec, type RemoteProcess } from '@client-ts/remotecommand';
import { restClientFor } from '@client-ts/rest';
import type { CommandLine } from './command-line.js';
import { containerNames, defaultContainer, hasContainer } from './default-container.js';
import { RawTerminal } from './raw-terminal.js';

/** What the command reads and writes: `process`, or what a test has in its place. */
export interface Io {
  readonly stdin: Readable | ReadStream;
  readonly stdout: Writable | WriteStream;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs the command, and resolves with its exit code when all output is written. */
export async function run(line: CommandLine, io: Io): Promise<number> {
  const { kubeconfig, context, namespace } = line;
  const config = await loadConfig({ kubeconfig, context, namespace, env: io.env });
  try {
    return await runIn(config, line, io);
  } finally {
    await config.transport?.[Symbol.asyncDispose]();
  }
}

async function runIn(config: ContextConfig, line: CommandLine, io: Io): Promise<number> {
  const { command, quiet, stdin } = line;
  const namespace = config.namespace ?? 'default';
  const warn = (text: string): void => void (quiet || io.stderr.write(`${text}\n`));
  const pod = await restClientFor(config).resource(pods, namespace).get(line.pod);
  const container = containerOf(pod, line, warn);
  // As kubectl: without stdin there is no terminal.
  const terminal = line.tty && stdin && 'isTTY' in io.stdin ? io.stdin : undefined;
  const tty = terminal?.isTTY === true;
  if (line.tty && stdin && !tty) warn('Unable to use a TTY - input is not a terminal or the right kind of file');

  // Once it is destroyed, a terminal cannot be set to what it was.
  const keys = tty ? terminal.iterator({ destroyOnReturn: false }) : io.stdin;
  const options = { namespace, pod: line.pod, container, command, tty, stdin: stdin && keys };
  await using remote = await exec(config, options);
  // Not before there is somebody to understand the keys: until then, Control-C ends this program.
  using _raw = tty ? new RawTerminal(terminal) : undefined;
  using _size = tty && 'columns' in io.stdout ? followSize(io.stdout, remote) : undefined;
  await Promise.all([
    pipeline(remote.stdout, io.stdout, { end: false }),
    remote.stderr && pipeline(remote.stderr, io.stderr, { end: false }),
  ]);
  const { code } = await remote.exit;
  return code;
}

/** @throws Error when there is nothing to run it in. */
function containerOf(pod: Pod, line: CommandLine, warn: (text: string) => void): string | undefined {
  const phase = pod.status?.phase;
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new Error(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  }
  const { container } = line;
  if (container === undefined) return defaultContainer(pod, warn);
  if (hasContainer(pod, container)) return container;
  throw new Error(`container ${container} is not valid for pod ${line.pod} out of: ${containerNames(pod)}`);
}

/** Tells the terminal there the size of the one here, now and whenever it changes. */
function followSize(terminal: WriteStream, remote: RemoteProcess): Disposable {
  const tell = (): void => {
    const { columns: width, rows: height } = terminal;
    // A terminal that does not know its size says 0.
    if (width > 0 && height > 0) remote.resize({ width, height });
  };
  terminal.on('resize', tell);
  tell();
  return { [Symbol.dispose]: () => void terminal.off('resize', tell) };
}
