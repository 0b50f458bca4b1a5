import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { machineTime } from '../leaderelection/machine-time.js';
import type { Usage, WorkerEvent } from './worker-event.js';

const Program = path.join(import.meta.dirname, 'worker.ts');

/** When somebody worked on an object, and in whose name. */
export interface Span {
  readonly uid: string;
  readonly lock: string;
  readonly transitions: number;
  readonly holder: string;
  readonly from: number;
  /** When it ended, or its process was stopped or killed: from then on it does nothing. */
  readonly to: number;
}

export interface WorkerOptions {
  readonly kubeconfig: string;
  /** `alone`: it has all objects. */
  readonly mode: 'sharded' | 'alone';
  readonly leaseDurationMs: number;
}

/** A worker that runs as a process of its own, and what it has printed. */
export class WorkerProcess implements AsyncDisposable {
  readonly identity: string;
  readonly events: WorkerEvent[] = [];
  readonly #process: ChildProcess;
  readonly #closed: Promise<void>;
  readonly #changed: () => void;
  readonly #halts: number[] = [];
  stderr = '';

  /** @param changed - is called after each event, and when it has ended. */
  constructor(identity: string, { kubeconfig, mode, leaseDurationMs }: WorkerOptions, changed: () => void) {
    this.identity = identity;
    this.#changed = changed;
    const args = ['--import', 'tsx', Program, identity, kubeconfig, mode, String(leaseDurationMs)];
    this.#process = spawn(process.execPath, args, { cwd: path.dirname(Program), stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface(this.#process.stdout!).on('line', (line) => {
      this.events.push(JSON.parse(line) as WorkerEvent);
      this.#changed();
    });
    this.#process.stderr!.on('data', (data: Buffer) => (this.stderr += data.toString()));
    this.#closed = new Promise((resolve) => this.#process.once('close', () => resolve()));
    void this.#closed.then(changed);
  }

  get exited(): boolean {
    return this.#process.exitCode !== null || this.#process.signalCode !== null;
  }

  /** As it said last. */
  get shards(): number {
    const last = this.events.findLast((each) => each.event === 'shards');
    return last?.event === 'shards' ? last.shards : 0;
  }

  get filteredBy(): string[] {
    return this.events.flatMap((each) => (each.event === 'filtered by' ? [each.by] : []));
  }

  usages(): Usage[] {
    return this.events.flatMap((each) => (each.event === 'usage' ? [each] : []));
  }

  spans(): Span[] {
    const open = new Map<string, Extract<WorkerEvent, { uid: string }>>();
    const spans: Span[] = [];
    const close = (begin: Extract<WorkerEvent, { uid: string }>, end: number): void => {
      const { uid, lock, transitions, holder, at: from } = begin;
      const halted = this.#halts.find((at) => at >= from) ?? Infinity;
      spans.push({ uid, lock, transitions, holder, from, to: Math.min(end, halted) });
    };
    for (const each of this.events) {
      if (each.event === 'begin') open.set(each.uid, each);
      if (each.event !== 'end') continue;
      close(open.get(each.uid)!, each.at);
      open.delete(each.uid);
    }
    for (const each of open.values()) close(each, Infinity);
    return spans;
  }

  /** @returns when. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): number {
    const at = machineTime();
    if (signal !== 'SIGCONT') this.#halts.push(at);
    this.#process.kill(signal);
    return at;
  }

  tell(line: 'stop' | 'usage'): void {
    this.#process.stdin!.write(`${line}\n`);
  }

  /** Resolves when it has ended. */
  closed(): Promise<void> {
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.exited) this.#process.kill('SIGKILL');
    await this.#closed;
  }
}
