import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';

/** What a process took from its start to its end. */
export interface MeasuredProcess {
  readonly stdout: string;
  readonly wallMs: number;
  /** Of all its threads; in steps of 10 ms, in which Linux counts. */
  readonly cpuMs: number;
  /** The most that was in memory at once. */
  readonly peakBytes: number;
}

/** Clock ticks of Linux: a hundred a second on all machines that Node.js runs on. */
const MsPerTick = 10;

/** How often the memory is looked at; the system keeps the highest value. */
const LookMs = 5;

/** Only on Linux: what is not told elsewhere is `NaN`. Rejects when the process fails. */
export async function measureProcess(command: string, args: readonly string[]): Promise<MeasuredProcess> {
  const before = childrensTicks();
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let peakBytes = NaN;
  const look = setInterval(() => (peakBytes = peakOf(child.pid) ?? peakBytes), LookMs);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const wallMs = performance.now() - started;
  clearInterval(look);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${stderr}`);
  return { stdout, wallMs, cpuMs: (childrensTicks() - before) * MsPerTick, peakBytes };
}

/** CPU time of all children that have ended. */
function childrensTicks(): number {
  const fields =
    read('/proc/self/stat')
      ?.replace(/^.*\) /s, '')
      .split(' ') ?? [];
  return Number(fields[13] ?? NaN) + Number(fields[14] ?? NaN);
}

function peakOf(pid: number | undefined): number | undefined {
  const kilobytes = /^VmHWM:\s*(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
