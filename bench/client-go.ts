import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Outcome, Spent } from './benchmark.js';

const execute = promisify(execFile);
const source = path.join(import.meta.dirname, 'peers/client-go');
const program = path.join(import.meta.dirname, 'results/client-go');

/** The program in `peers/client-go`. */
export interface ClientGo {
  /** GETs of one namespace; half as many come before the measurement, to open connections. */
  gets(options: { kubeconfig: string; requests: number; concurrency: number }): Promise<Outcome>;
  /** An informer of pods that syncs, and then is told of changes, which a POST to `start` lets begin. */
  informer(options: ClientGoInformerOptions): Promise<ClientGoInformer>;
  /** A work queue through which keys go; after delays of `delayMs` to twice that, if that is positive. */
  workqueue(options: { items: number; delayMs?: number | undefined }): Promise<ClientGoWorkqueue>;
}

interface ClientGoWorkqueue {
  readonly items: number;
  /** All are added, and then each is taken, forgotten and done. */
  readonly add: Spent;
  readonly take: Spent;
  /** Held when all have been added; 0 with delays. */
  readonly heapBytes: number;
}

export interface ClientGoInformerOptions {
  readonly kubeconfig: string;
  readonly as: 'protobuf' | 'json' | 'dynamic';
  /** Drop managed fields in a transform. */
  readonly strip?: boolean | undefined;
  readonly changes?: { readonly count: number; readonly start: string } | undefined;
}

interface ClientGoInformer {
  readonly pods: number;
  readonly sync: Spent;
  readonly heapBytes: number;
  readonly changes: { readonly count: number; readonly spent: Spent };
}

/** What it cannot be built without, in a line. */
export function missingGo(): string | undefined {
  try {
    execFileSync('go', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no Go to build client-go with';
  }
}

/** Takes a minute the first time, and then a moment. */
export async function buildClientGo(): Promise<ClientGo> {
  await execute('go', ['build', '-o', program, '.'], { cwd: source });
  return {
    async gets({ kubeconfig, requests, concurrency }) {
      const args = ['-kubeconfig', kubeconfig, '-requests', String(requests), '-concurrency', String(concurrency)];
      const { stdout } = await execute(program, ['gets', ...args]);
      const result = JSON.parse(stdout) as { requests: number; wallMs: number; cpuMs: number };
      return { units: result.requests, spent: { ...result, stallMs: NaN } };
    },
    async informer({ kubeconfig, as, strip = false, changes }) {
      const args = ['-kubeconfig', kubeconfig, '-as', as, ...(strip ? ['-strip'] : [])];
      if (changes) args.push('-events', String(changes.count), '-start', changes.start);
      const { stdout } = await execute(program, ['informer', ...args]);
      const result = JSON.parse(stdout) as Record<
        'pods' | 'wallMs' | 'cpuMs' | 'heapBytes' | 'events' | 'eventsMs' | 'eventsCpuMs',
        number
      >;
      // Other threads go on: nothing stands still.
      const stallMs = NaN;
      return {
        pods: result.pods,
        sync: { wallMs: result.wallMs, cpuMs: result.cpuMs, stallMs },
        heapBytes: result.heapBytes,
        changes: { count: result.events, spent: { wallMs: result.eventsMs, cpuMs: result.eventsCpuMs, stallMs } },
      };
    },
    async workqueue({ items, delayMs = 0 }) {
      const args = ['-items', String(items), '-delay', `${delayMs}ms`];
      const { stdout } = await execute(program, ['workqueue', ...args]);
      const result = JSON.parse(stdout) as Record<
        'items' | 'addMs' | 'addCpuMs' | 'takeMs' | 'takeCpuMs' | 'heapBytes',
        number
      >;
      const stallMs = NaN;
      return {
        items: result.items,
        add: { wallMs: result.addMs, cpuMs: result.addCpuMs, stallMs },
        take: { wallMs: result.takeMs, cpuMs: result.takeCpuMs, stallMs },
        heapBytes: result.heapBytes,
      };
    },
  };
}
