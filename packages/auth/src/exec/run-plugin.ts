import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type Clock, onAbort, realClock } from '@client-ts/apimachinery';

export interface PluginRun {
  /** Path of the program. */
  readonly file: string;
  /** What the program sees as its own name. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Let it read this process's standard input. */
  readonly interactive: boolean;
  /** Ends the process. */
  readonly signal: AbortSignal;
  /** What it says to the user, as it comes. */
  readonly onStderr: (text: Uint8Array | string) => void;
}

export interface PluginResult {
  readonly stdout: string;
  /** `undefined` when a signal killed it. */
  readonly code: number | undefined;
  readonly killedBy: string | undefined;
}

/** Runs a program to its end. Rejects with the system's error when it cannot be started, and with `signal.reason`. */
export type RunPlugin = (run: PluginRun) => Promise<PluginResult>;

/** A credential is a few KiB; certificates with intermediates some tens. */
const MaxStdoutBytes = 1024 * 1024;

/** Enough for a dialogue and a stack trace; a program in a loop does not fill the user's log. */
const MaxStderrBytes = 64 * 1024;

/** So long after it was asked to end, a process is killed. */
const KillAfterMs = 3000;

/** The program printed more than any credential has. */
export class PluginOutputTooLargeError extends Error {
  override readonly name = 'PluginOutputTooLargeError';
}

/**
 * {@link RunPlugin} on the machine's own processes.
 *
 * As for client-go, a program is done when it has ended and nobody can print for it any more: a process that it leaves behind is
 * waited for if it holds standard output, and only then. What such a process says to the user is passed on, and keeps no
 * program running.
 */
export function runPlugin(run: PluginRun, clock: Clock = realClock): Promise<PluginResult> {
  const { file, name, args, env, interactive, signal, onStderr } = run;
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const child = spawn(file, args, {
      argv0: name,
      env: { ...env },
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    child.on('error', reject);
    // It was not started, and may have no streams.
    if (child.pid === undefined) return;
    let timer: unknown;
    const stop = (reason: unknown): void => {
      reject(reason);
      if (child.kill('SIGTERM')) timer ??= clock.setTimeout(() => child.kill('SIGKILL'), KillAfterMs);
      // A process that it started may hold the other ends open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stay = onAbort(signal, () => stop(signal.reason));

    const stdout: Buffer[] = [];
    let stdoutBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      stdoutBytes += chunk.length;
      if (stdoutBytes > MaxStdoutBytes) {
        stop(new PluginOutputTooLargeError(`it printed more than ${MaxStdoutBytes} bytes`));
      }
    });
    child.stderr.on('data', bounded(onStderr));
    child.on('exit', () => clock.clearTimeout(timer));
    ended(child)
      .then((how) => ({ stdout: Buffer.concat(stdout).toString('utf8'), ...how }))
      .then(resolve, reject)
      .finally(stay);
  });
}

/** How a program ended, once all that it printed and said before has been read. */
async function ended(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Omit<PluginResult, 'stdout'>> {
  const [[code, killedBy]] = (await Promise.all([once(child, 'exit'), once(child.stdout, 'close')])) as [
    [number | null, string | null],
    unknown,
  ];
  // The first ends the turn of the event loop that is under way, and within the second everything is read that is there.
  await realClock.nextTurn();
  await realClock.nextTurn();
  (child.stderr as Socket).unref();
  return { code: code ?? undefined, killedBy: killedBy ?? undefined };
}

function bounded(onStderr: PluginRun['onStderr']): (chunk: Buffer) => void {
  let left = MaxStderrBytes;
  let told = false;
  return (chunk) => {
    if (left > 0) onStderr(chunk.subarray(0, left));
    if (chunk.length > left && !told) {
      told = true;
      onStderr('\n(what else the plugin says is left out)\n');
    }
    left = Math.max(left - chunk.length, 0);
  };
}
