import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { type Clock, printable, realClock, sleep, wallClock } from '@client-ts/apimachinery';

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Default: real time; for the age of a lock, the machine's own, which files are dated by. */
  readonly clock?: Clock | undefined;
  /** How long to wait for somebody who holds the lock. Default: 10,000, a thousand times what a change takes. */
  readonly timeoutMs?: number | undefined;
}

/** Somebody else holds the lock. The message names the file, and who it is if that is known. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** A lock of this age was left behind: whoever writes a kubeconfig is done within milliseconds. */
const StaleAfterMs = 30_000;

const RetryMs = 50;

/** Whoever cannot create files beside a file cannot replace it either: then there is nothing to guard. */
const NotPossible: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR']);

/**
 * Holds `<file>.lock`, as kubectl does while it writes a kubeconfig, until it is disposed of. Unlike kubectl it waits for its
 * turn, and takes the lock of a process that is gone.
 *
 * Rejects with a {@link LockedError} when the lock stays taken, with `signal.reason`, and with the system's error. Where the
 * directory cannot be written, or does not exist, there is no lock, and no error.
 */
export async function lockFile(file: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  const { signal, clock = realClock, timeoutMs = 10_000 } = options;
  const dates = options.clock ?? wallClock;
  const lock = `${file}.lock`;
  const end = clock.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const taken = await take(lock);
    if (taken) return taken;
    const holder = await inspect(lock);
    if (!holder) continue;
    if (isLeft(holder, dates) && (await breakLock(lock, holder, dates))) continue;
    if (clock.now() >= end)
      throw new LockedError(`${printable(lock)}: locked by ${holder.name}; if nobody is at work, delete it`);
    await sleep(clock, RetryMs * (0.5 + clock.random()), signal);
  }
}

/** All of them, always in the same order: two who want the same locks do not wait for each other. */
export async function lockFiles(files: readonly string[], options: LockOptions = {}): Promise<AsyncDisposable> {
  const locks: AsyncDisposable[] = [];
  const release = async (): Promise<void> => {
    for (const lock of locks.toReversed()) await lock[Symbol.asyncDispose]();
  };
  try {
    for (const file of files.toSorted()) locks.push(await lockFile(file, options));
  } catch (error) {
    await release();
    throw error;
  }
  return { [Symbol.asyncDispose]: release };
}

const NoLock: AsyncDisposable = { [Symbol.asyncDispose]: () => Promise.resolve() };

async function take(lock: string): Promise<AsyncDisposable | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(lock, 'wx', 0o600);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    if (NotPossible.has(code)) return NoLock;
    throw error;
  }
  const text = `${process.pid} ${hostname()} ${randomUUID()}\n`;
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
  return { [Symbol.asyncDispose]: () => release(lock, text) };
}

/** Only what is still ours: somebody may have thought us dead. */
async function release(lock: string, text: string): Promise<void> {
  if ((await readText(lock)) === text) await unlessMissing(unlink(lock));
}

/** kubectl leaves an empty file that nobody may read. */
function readText(lock: string): Promise<string> {
  return readFile(lock, 'utf8').catch(() => '');
}

interface Holder {
  /** Of a lock that another has taken since, it is another one. */
  readonly identity: string;
  /** When it was taken. */
  readonly since: number;
  readonly isGone: boolean;
  readonly name: string;
}

async function inspect(lock: string): Promise<Holder | undefined> {
  const found = await unlessMissing(stat(lock));
  if (!found) return undefined;
  const text = await readText(lock);
  const identity = `${found.ino} ${found.mtimeMs} ${text}`;
  const since = found.mtimeMs;
  const [, pid, host] = /^(\d{1,10}) (\S{1,255})(?: \S{1,64})?\n$/.exec(text) ?? [];
  if (pid === undefined || host === undefined) return { identity, since, isGone: false, name: 'another process' };
  const isGone = host === hostname() && !isAlive(Number(pid));
  return { identity, since, isGone, name: `process ${pid} on ${printable(host)}` };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whoever took it is not at work any more. */
function isLeft({ isGone, since }: Holder, dates: Clock): boolean {
  return isGone || dates.now() - since > StaleAfterMs;
}

/**
 * Takes a lock away that was left behind. Many may have found it so: one at a time looks once more, or the second would take the
 * new lock of the first.
 *
 * @returns `false` when somebody else is about to.
 */
async function breakLock(lock: string, { identity }: Holder, dates: Clock): Promise<boolean> {
  const guard = `${lock}.left`;
  const taken = await take(guard);
  if (!taken) {
    const other = await inspect(guard);
    if (other && isLeft(other, dates)) await unlessMissing(unlink(guard));
    return false;
  }
  await using _taken = taken;
  if ((await inspect(lock))?.identity === identity) await unlessMissing(unlink(lock));
  return true;
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
