import type { Config } from '@client-ts/rest';
import { exec, type ExecOptions, type RemoteProcess } from '../exec.js';
import { CopyError } from './copy-error.js';
import type { CopyOptions } from './copy-options.js';

/** So much of what tar says against it is kept. */
const MaxComplaint = 1000;

/** Runs a program in the container that is copied from or to. */
export function runIn(
  config: Config,
  { namespace, pod, container, heartbeat, signal }: CopyOptions,
  options: Pick<ExecOptions, 'command' | 'stdin' | 'stdout' | 'stderr'>,
): Promise<RemoteProcess> {
  return exec(config, { namespace, pod, container, heartbeat, signal, ...options });
}

/**
 * Resolves when tar has ended well.
 *
 * @throws CopyError with what it said, when it did not.
 */
export async function expectSuccess(process: RemoteProcess, { pod }: CopyOptions, complaint: string): Promise<void> {
  const { code } = await process.exit;
  if (code === 0) return;
  const said = complaint === '' ? '' : `: ${JSON.stringify(complaint.trim())}`;
  throw new CopyError(`tar in pod ${JSON.stringify(pod)} ended with exit code ${code}${said}`, code);
}

/** The beginning of what a process says on stderr. */
export async function complaintOf({ stderr }: RemoteProcess): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of stderr ?? []) {
    if (text.length < MaxComplaint) text += decoder.decode(chunk, { stream: true });
  }
  return text.slice(0, MaxComplaint);
}
