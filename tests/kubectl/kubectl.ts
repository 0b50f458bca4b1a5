import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { BinariesNotFoundError, findBinaries } from '@client-ts/envtest';

/** A kubectl, and the version that it is. */
export interface FoundKubectl {
  readonly name: string;
  readonly path?: string;
  /** Why it is not there. */
  readonly missing?: string;
}

/** The one that `KUBECTL` names, or else those of the versions that the cache may have. */
export function findKubectls(versions: readonly string[]): FoundKubectl[] {
  const given = process.env['KUBECTL'];
  if (given) return [{ name: given, path: given }];
  if (process.env['KUBEBUILDER_ASSETS']) return [find('KUBEBUILDER_ASSETS', undefined)];
  return versions.map((version) => find(version, version));
}

function find(name: string, version: string | undefined): FoundKubectl {
  try {
    return { name, path: findBinaries({ version, needs: ['kubectl'] }).kubectl };
  } catch (error) {
    if (!(error instanceof BinariesNotFoundError)) throw error;
    return { name, missing: error.message };
  }
}

/** What a run came to. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** What kubectl reads from its standard input, for `-f -`. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A kubectl that talks to one server, with a home of its own: nothing of the user's is read or written. */
export class Kubectl implements AsyncDisposable {
  readonly #path: string;
  readonly #home: string;

  private constructor(executable: string, home: string) {
    this.#path = executable;
    this.#home = home;
  }

  static async create(executable: string, kubeconfig: string): Promise<Kubectl> {
    const home = await mkdtemp(path.join(tmpdir(), 'kubectl-'));
    await writeFile(path.join(home, 'config'), kubeconfig);
    return new Kubectl(executable, home);
  }

  /** Starts kubectl and leaves it running. */
  start(args: readonly string[], options: RunOptions = {}): ChildProcess & { stdout: NodeJS.ReadableStream } {
    const env = {
      PATH: process.env['PATH'],
      HOME: this.#home,
      KUBECONFIG: path.join(this.#home, 'config'),
      ...options.env,
    };
    const child = spawn(this.#path, args, { env, stdio: 'pipe' });
    child.stdin.end(options.stdin);
    return child;
  }

  /** Runs kubectl to its end, whatever that is. */
  async run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const child = this.start(args, options);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr!), once(child, 'close')]);
    return { code: child.exitCode, stdout, stderr };
  }

  /** Runs kubectl, which must succeed; resolves with what it printed. */
  async ok(args: readonly string[], options: RunOptions = {}): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, options);
    if (code !== 0) throw new Error(`kubectl ${args.join(' ')} ended with ${code}:\n${stderr}${stdout}`);
    return stdout.trimEnd();
  }

  /** A script that changes a file with `sed`, as an editor for `kubectl edit`. */
  async editor(expression: string): Promise<Record<string, string>> {
    const script = path.join(this.#home, 'editor.sh');
    await writeFile(script, `#!/bin/sh\nexec sed -i.bak -e '${expression}' "$1"\n`, { mode: 0o755 });
    return { KUBE_EDITOR: script };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}
