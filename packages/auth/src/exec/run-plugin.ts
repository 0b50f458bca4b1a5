import { spawn } from 'node:child_process';
import { type Clock, realClock } from '@client-ts/apimachinery';

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

/** {@link RunPlugin} on the machine's own processes. */
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
    let timer: unknown;
    const stop = (reason: unknown): void => {
      reject(reason);
      child.kill('SIGTERM');
      timer ??= clock.setTimeout(() => child.kill('SIGKILL'), KillAfterMs);
      // A process that it started may hold the other ends open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const onAbort = (): void => stop(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });

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
    child.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
    });
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', onAbort);
      resolve({
        stdout: Buffer.concat(stdout).toString('utf8'),
        code: code ?? undefined,
        killedBy: killedBy ?? undefined,
      });
    });
  });
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
