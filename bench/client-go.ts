import { execFile, execFileSync } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Outcome } from './benchmark.js';

const execute = promisify(execFile);
const source = path.join(import.meta.dirname, 'peers/client-go');
const program = path.join(import.meta.dirname, 'results/client-go');

/** The program in `peers/client-go`. */
export interface ClientGo {
  /** GETs of one namespace; the first tenth of them comes before the measurement, to open connections. */
  gets(options: { kubeconfig: string; requests: number; concurrency: number }): Promise<Outcome>;
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
      return { units: result.requests, spent: result };
    },
  };
}
