import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const source = path.join(import.meta.dirname, 'client-go-recorder.go');
/** Has the module with client-go in it. */
const module = path.join(import.meta.dirname, '../../bench/peers/client-go');

/** The program in `client-go-recorder.go`, where it can be built without asking anybody for modules. */
export class ClientGoRecorder implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns why there is none, in a line, where there cannot be one. */
  static async build(): Promise<ClientGoRecorder | string> {
    const folder = await mkdtemp(path.join(tmpdir(), 'client-go-'));
    const recorder = new ClientGoRecorder(folder);
    try {
      const env = { ...process.env, GOPROXY: 'off', GOFLAGS: '-mod=readonly' };
      await execute('go', ['build', '-C', module, '-o', recorder.#program, source], { env });
      return recorder;
    } catch (error) {
      await recorder[Symbol.asyncDispose]();
      const { code, stderr = '' } = error as { code?: unknown; stderr?: string };
      if (code === 'ENOENT') return 'there is no Go to build client-go with';
      if (stderr.includes('GOPROXY=off')) return 'the modules of client-go are not in the cache of Go';
      throw error;
    }
  }

  /** Records events about a Pod, and ends when `recorded` resolves. */
  async record(
    args: readonly [kubeconfig: string, namespace: string, pod: string],
    recorded: Promise<unknown>,
  ): Promise<void> {
    const child = spawn(this.#program, args, { stdio: ['pipe', 'ignore', 'pipe'] });
    const ended = Promise.all([text(child.stderr), once(child, 'close')]);
    try {
      await Promise.race([recorded, ended]);
    } finally {
      child.stdin.on('error', () => {}).end();
    }
    const [stderr] = await ended;
    if (child.exitCode !== 0) throw new Error(`the recorder of client-go ended with ${child.exitCode}: ${stderr}`);
  }

  get #program(): string {
    return path.join(this.#folder, 'recorder');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
