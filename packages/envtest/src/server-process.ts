import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How many lines of a server's log are kept for the message of its death. */
const LogLines = 20;

/** A server that is told to end has this long to do so: what it has to clean up takes time on a busy machine. */
const StopTimeoutMs = 30_000;

/** A server that died. The message has the last lines of its log. */
export class ServerExitedError extends Error {
  override readonly name = 'ServerExitedError';
}

/** A server in a process of its own. */
export class ServerProcess {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #log: string[] = [];
  #ended: Promise<void>;
  #stopping = false;

  /** @param onExit - told its number, which is free then. */
  constructor(name: string, command: string, args: readonly string[], onExit: (pid: number) => void) {
    this.name = name;
    // A group of its own: Ctrl-C is for the test, which ends its servers in order.
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    for (const input of [this.#child.stdout, this.#child.stderr])
      if (input) createInterface({ input }).on('line', (line) => this.#keep(line));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => this.#child.pid !== undefined && onExit(this.#child.pid));
      this.#child.once('close', () => resolve());
      this.#child.once('error', (error) => {
        this.#log.push(error.message);
        resolve();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The last lines of its log. */
  get lastWords(): string {
    return this.#log.join('\n');
  }

  /** Never resolves; rejects when the server ends though nobody told it to. */
  async unexpectedEnd(): Promise<never> {
    await this.#ended;
    if (this.#stopping) return new Promise<never>(() => {});
    const { exitCode, signalCode } = this.#child;
    const how = signalCode === null ? `exited with ${exitCode}` : `was killed by ${signalCode}`;
    throw new ServerExitedError(`${this.name} ${how}; its last words:\n${this.lastWords}`);
  }

  /** Tells the server to end, and makes it when it does not. With SIGKILL it ends as in a crash. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    this.#stopping = true;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), StopTimeoutMs);
    try {
      if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
        await once(this.#child, 'exit');
      }
      await this.#ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #keep(line: string): void {
    if (line !== '') this.#log.push(line);
    this.#log.splice(0, Math.max(this.#log.length - LogLines, 0));
  }
}

/** Does what needs the servers; rejects at once, with the last lines of its log, when one of them ends. */
export async function whileAlive(
  servers: readonly ServerProcess[],
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const ends = servers.map((server) => server.unexpectedEnd());
  try {
    await Promise.race([work(AbortSignal.any(signal ? [over.signal, signal] : [over.signal])), ...ends]);
  } finally {
    over.abort();
  }
}
