import type { Config } from '@client-ts/rest';
import type { Outcome } from './outcome.js';
import { openStreams, type RemoteStreams, type StreamOptions } from './remote-streams.js';

/** A process that was there before, and stays when one lets go of it. */
export interface Attachment extends RemoteStreams {
  /**
   * Resolves when the process has ended; its exit code is in the status of the pod. Comes behind all output, as
   * `exit` of a `RemoteProcess` does, and rejects as that does. Whoever does not look is not troubled with it.
   */
  readonly ended: Promise<void>;
}

/**
 * Attaches to the main process of a container: to what it writes from now on, and to its stdin. `stdin` and `tty` are of use when
 * the container has them in its spec. Ending stdin ends that of the process when the container says `stdinOnce`.
 *
 * Resolves and rejects as `exec` does.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#-strong-misc-operations-pod-v1-core-strong-
 */
export async function attach(config: Config, options: StreamOptions): Promise<Attachment> {
  const { session, streams } = await openStreams(config, options, { subresource: 'attach' });
  const ended = settled(session.outcome);
  ended.catch(() => undefined);
  return { ...streams, ended };
}

async function settled(outcome: Promise<Outcome>): Promise<void> {
  const how = await outcome;
  if ('error' in how) throw how.error;
}
