import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { machineTime } from './machine-time.js';

/** A TypeScript program that runs as a process of its own, and what it has printed: lines of JSON, with the times of `machineTime`. */
export class EventProcess<E extends { readonly at: number }> implements AsyncDisposable {
  readonly identity: string;
  readonly events: E[] = [];
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #halts: number[] = [];
  #stderr = '';
  #isToEnd = false;

  /** @param changed - is called after each event, and when it has ended. */
  constructor(program: string, identity: string, args: readonly string[], changed: () => void) {
    this.identity = identity;
    const all = ['--import', 'tsx', program, identity, ...args];
    this.#process = spawn(process.execPath, all, { cwd: path.dirname(program), stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.events.push(JSON.parse(line) as E);
      changed();
    });
    // It may end before it has read what it is told.
    this.#process.stdin!.on('error', () => {});
    this.#process.stderr!.on('data', (data: Buffer) => (this.#stderr += data.toString()));
    this.#closed = new Promise((resolve) => this.#process.once('close', () => resolve()));
    void this.#closed.then(changed);
  }

  get exited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** What it complained of, or that it ended though nobody told it to. */
  get failure(): string | undefined {
    if (this.#stderr !== '') return this.#stderr;
    const { exitCode, signalCode } = this.#process;
    return this.exited && !this.#isToEnd ? `it ended by itself: ${signalCode ?? exitCode}` : undefined;
  }

  /** @returns a time when it did nothing: before it went on, or after it was stopped or killed. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const before = machineTime();
    if (signal === 'SIGKILL') this.#isToEnd = true;
    this.#process.kill(signal);
    if (signal === 'SIGCONT') return before;
    const after = machineTime();
    this.#halts.push(after);
    return after;
  }

  /** When it was stopped or killed first after this time: from then on it did nothing, until it may have gone on. */
  haltAfter(time: number): number {
    return this.#halts.find((at) => at >= time) ?? Infinity;
  }

  /** @param line - `stop` ends it in good order; what else it understands it says itself. */
  tell(line: string): void {
    if (line === 'stop') this.#isToEnd = true;
    this.#process.stdin!.write(`${line}\n`);
  }

  /** Resolves when it has ended. */
  closed(): Promise<void> {
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isToEnd = true;
    if (!this.exited) this.#process.kill('SIGKILL');
    await this.#closed;
  }
}
