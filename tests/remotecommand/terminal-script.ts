import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Why there are no terminals for programs here; `undefined` when there are. */
export function missingTerminals(): string | undefined {
  const { stdout, error } = spawnSync('script', ['--version'], { encoding: 'utf8' });
  return error === undefined && stdout.includes('util-linux') ? undefined : 'needs `script` of util-linux in PATH';
}

/** A shell script on a terminal of its own, by `script` of util-linux. */
export class TerminalScript implements AsyncDisposable {
  /** All that it has written. */
  screen = '';
  readonly #process: ChildProcess;
  readonly #ended: Promise<unknown>;
  #isOver = false;
  #look = (): void => {};

  constructor(script: string, env: Readonly<Record<string, string>>) {
    this.#process = spawn('script', ['-qfc', script, '/dev/null'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#process.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.screen += text;
      this.#look();
    });
    this.#ended = once(this.#process, 'close');
    void this.#ended.then(() => this.#end());
  }

  type(text: string): void {
    this.#process.stdin!.write(text);
  }

  /** What the first group of the pattern is in, once the pattern is on the screen. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const [match, group = match] = pattern.exec(this.screen) ?? [];
      if (match !== undefined) return group!;
      if (this.#isOver) throw new Error(`ended without ${pattern}: ${JSON.stringify(this.screen)}`);
      await new Promise<void>((resolve) => (this.#look = resolve));
    }
  }

  /** Its whole screen, at its end. */
  async end(): Promise<string> {
    await this.#ended;
    return this.screen;
  }

  #end(): void {
    this.#isOver = true;
    this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#isOver) this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
