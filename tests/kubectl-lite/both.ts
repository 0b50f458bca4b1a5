import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { main } from '../../examples/kubectl-lite/main.js';
import { type Finished, Kubectl } from '../kubectl/kubectl.js';

export interface RunOptions {
  /** What is read from standard input. */
  readonly stdin?: string | undefined;
  /** A namespace that is shown as `{ns}`. */
  readonly namespace?: string | undefined;
}

/** A command that runs until it is ended. */
export interface Running extends AsyncDisposable {
  /** What it has printed so far, as by {@link comparable}. */
  readonly stdout: () => string;
}

/** kubectl-lite in this process, and kubectl in others, with the same kubeconfig. */
export class Both implements AsyncDisposable {
  readonly #kubectl: Kubectl;
  readonly #kubeconfig: string;

  private constructor(kubectl: Kubectl, kubeconfig: string) {
    this.#kubectl = kubectl;
    this.#kubeconfig = kubeconfig;
  }

  /** @param kubeconfig - path of a file. */
  static async create(executable: string, kubeconfig: string): Promise<Both> {
    return new Both(await Kubectl.create(executable, ''), kubeconfig);
  }

  async theirs(words: readonly string[], options: RunOptions = {}): Promise<Finished> {
    const { stdin = '' } = options;
    return comparable(await this.#kubectl.run([...this.#flags(options), ...words], { stdin }), options);
  }

  async ours(words: readonly string[], options: RunOptions = {}, signal?: AbortSignal): Promise<Finished> {
    let stdout = '';
    let stderr = '';
    const code = await main([...words.slice(0, 1), ...this.#flags(options), ...words.slice(1)], {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stderr += text),
      stdin: () => Promise.resolve(options.stdin ?? ''),
      env: {},
      signal: signal ?? new AbortController().signal,
    });
    return comparable({ code, stdout, stderr }, options);
  }

  startTheirs(words: readonly string[], options: RunOptions): Running {
    const child: ChildProcess = this.#kubectl.start([...this.#flags(options), ...words]);
    let stdout = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => void (stdout += text));
    const ended = once(child, 'close');
    return {
      stdout: () => comparable({ code: 0, stdout, stderr: '' }, options).stdout,
      async [Symbol.asyncDispose]() {
        child.kill();
        await ended;
      },
    };
  }

  startOurs(words: readonly string[], options: RunOptions): Running {
    const stop = new AbortController();
    let stdout = '';
    const ended = main([...words.slice(0, 1), ...this.#flags(options), ...words.slice(1)], {
      stdout: (text) => void (stdout += text),
      stderr: (text) => void (stdout += text),
      stdin: () => Promise.resolve(''),
      env: {},
      signal: stop.signal,
    });
    return {
      stdout: () => comparable({ code: 0, stdout, stderr: '' }, options).stdout,
      async [Symbol.asyncDispose]() {
        stop.abort();
        await ended;
      },
    };
  }

  #flags({ namespace }: RunOptions): string[] {
    return ['--kubeconfig', this.#kubeconfig, ...(namespace === undefined ? [] : ['--namespace', namespace])];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#kubectl[Symbol.asyncDispose]();
  }
}

/** Without what differs from one run to the next: ages and the padding behind them, what is logged, and whose name it is. */
function comparable({ code, stdout, stderr }: Finished, { namespace = '' }: RunOptions): Finished {
  const masked = (text: string): string => {
    const named = text.replaceAll('kubectl-lite', 'kubectl');
    return namespace === '' ? named : named.replaceAll(namespace, '{ns}');
  };
  const ages = /(?<=^| )\d+[smhd](?:\d+[smhd])?(?: +|$)/gm;
  const logged = /^[IWE]\d{4} [\d:.]+ .*\n/gm;
  return {
    code,
    stdout: masked(stdout).replace(ages, 'AGE ').replace(/AGE +/g, 'AGE '),
    stderr: masked(stderr).replace(logged, ''),
  };
}
