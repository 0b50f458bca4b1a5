import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { CandidateEvent } from './candidate-event.js';
import { machineTime } from './machine-time.js';

const Program = path.join(import.meta.dirname, 'candidate.ts');

/** When somebody was in office; nothing is done at times between `from` and `to` of others. */
export interface Term {
  readonly identity: string;
  readonly term: number;
  readonly from: number;
  readonly to: number;
}

/** A candidate that runs as a process of its own, and what it has printed. */
export class CandidateProcess implements AsyncDisposable {
  readonly identity: string;
  readonly events: CandidateEvent[] = [];
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #changed: () => void;
  /** When it was stopped or killed by a signal: from then on it does nothing. */
  readonly #halts: number[] = [];
  stderr = '';

  /** @param changed - is called after each event, and when it has ended. */
  constructor(identity: string, kubeconfig: string, changed: () => void) {
    this.identity = identity;
    this.#changed = changed;
    const args = ['--import', 'tsx', Program, identity, kubeconfig];
    this.#process = spawn(process.execPath, args, { cwd: path.dirname(Program), stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.events.push(JSON.parse(line) as CandidateEvent);
      this.#changed();
    });
    this.#process.stderr!.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.#closed = new Promise((resolve) => this.#process.once('close', () => resolve()));
    void this.#closed.then(changed);
  }

  get exited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  get leads(): boolean {
    return this.terms().at(-1)?.to === Infinity;
  }

  /** @returns a time when it did nothing: before it went on, or after it was stopped or killed. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const before = machineTime();
    this.#process.kill(signal);
    if (signal === 'SIGCONT') return before;
    const after = machineTime();
    this.#halts.push(after);
    return after;
  }

  tell(line: string): void {
    this.#process.stdin!.write(`${line}\n`);
  }

  /** Its terms, each until it was halted, or knew that it was over. */
  terms(): Term[] {
    const { identity, events } = this;
    return events
      .filter(({ event }) => event === 'leading')
      .map(({ at: from, term = NaN }) => {
        const ended = events.find((other) => other.event === 'ended' && other.term === term)?.at ?? Infinity;
        const halted = this.#halts.find((at) => at > from) ?? Infinity;
        return { identity, term, from, to: Math.min(ended, halted) };
      });
  }

  count(event: CandidateEvent['event'], since = 0): number {
    return this.events.filter((each) => each.event === event && each.at >= since).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.exited) this.#process.kill('SIGKILL');
    await this.#closed;
  }
}
