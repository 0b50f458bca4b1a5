import type { Config } from '@client-ts/rest';
import { openStreams, type RemoteStreams, type StreamOptions } from './remote-streams.js';

export interface ExecOptions extends StreamOptions {
  /** The program and its arguments; no shell has a look at them. */
  readonly command: readonly string[];
}

/** A process in a container. */
export interface RemoteProcess extends RemoteStreams {
  /**
   * A non-zero exit code is a result, not an error; a process that was killed by a signal has 128 and its number.
   *
   * Comes behind all output, over the same connection. So it never comes while more than `maxBufferedBytes` of an output wait to be
   * read, also for those who want nothing but the exit code: an output of no interest is not to be asked for (`stdout: false`; servers
   * want one of the three streams to be left), or its stream to be cancelled. Nothing is thrown away unasked, as what was not read
   * before the exit code may be after it.
   *
   * Rejects with a `StatusError` when the process could not be run, a
   * `TransportError` or `WebSocketCloseError` when the connection was lost, a `RemoteCommandError`, and `signal.reason`. Whoever does
   * not look is not troubled with it.
   */
  readonly exit: Promise<{ readonly code: number }>;
}

/**
 * Runs a command in a container, over a WebSocket that speaks `v5.channel.k8s.io`, or v4.
 *
 * Resolves when there is a connection: some servers tell only by `exit` that there is no such container or program. Rejects with
 * a `StatusError` when the server refuses, a `TransportError` when there is no answer, a `TypeError` for options that contradict
 * each other, and `signal.reason`. How long an answer is waited for is for the transport to say, which is two minutes in Node.js
 * (`headersTimeoutMs`); client-go waits for ever. The 30 s of its `DefaultStreamCreationTimeout` are those of a server, which waits for
 * its client to open streams.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#-strong-misc-operations-pod-v1-core-strong-
 */
export async function exec(config: Config, options: ExecOptions): Promise<RemoteProcess> {
  if (options.command.length === 0) throw new TypeError('command: expected at least the name of a program');
  const { command } = options;
  const { session, streams } = await openStreams(config, options, { subresource: 'exec', command });
  const exit = session.outcome.then((outcome) => {
    if ('error' in outcome) throw outcome.error;
    return outcome;
  });
  exit.catch(() => undefined);
  return { ...streams, exit };
}
