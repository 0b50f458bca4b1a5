import { onAbort } from '@client-ts/apimachinery';
import { type Config, openWebSocket, restClientFor, type WebSocketHeartbeat } from '@client-ts/rest';
import { ChannelSession } from './channel-session.js';
import { type ChannelProtocol, ChannelProtocols, type TerminalSize } from './channel-state.js';
import { feedStdin, readableOf, type StdinSource } from './feed-stdin.js';
import type { StdinChunk } from './stdin-stream.js';

const MiB = 1024 * 1024;

/** Those of client-go: pings keep proxies from taking silence for an end, and show that the other side is there. */
const DefaultHeartbeat: WebSocketHeartbeat = { pingIntervalMs: 5_000, silenceTimeoutMs: 61_000 };

const MaxSize = 65_535;

/** Which container, and which of its streams. */
export interface StreamOptions {
  readonly namespace: string;
  readonly pod: string;
  /**
   * Default: the only one; where there are several, servers refuse. The annotation `kubectl.kubernetes.io/default-container` is for
   * clients to look at, as kubectl does.
   */
  readonly container?: string | undefined;
  /**
   * Open a stdin. `true` gives a stream to write to. A text, bytes, or what can be iterated — a web stream, a stream of Node.js, a
   * generator — is written to it, and ends it; when that fails, everything ends with its error. Default: false.
   */
  readonly stdin?: boolean | StdinSource | undefined;
  /** `false`: the server sends none, and the stream is empty. Default: true. */
  readonly stdout?: boolean | undefined;
  /** `false`: the server sends none. Default: true, and false with a terminal. */
  readonly stderr?: boolean | undefined;
  /** Allocate a terminal; stderr is then part of stdout. Default: false. */
  readonly tty?: boolean | undefined;
  /**
   * So many bytes of each output are kept for a reader that is slower than the network; 64 more are counted for each message. When
   * one output is full, nothing is taken from the network any more: the process has to wait, and the other output too. Default:
   * 1 MiB.
   */
  readonly maxBufferedBytes?: number | undefined;
  /** `false` for none. Default: a ping every 5 s, and 61 s of silence are a lost connection. */
  readonly heartbeat?: WebSocketHeartbeat | false | undefined;
  /** What may be spoken, best first. Default: all of {@link ChannelProtocols}. */
  readonly protocols?: readonly ChannelProtocol[] | undefined;
  /** Ends everything at any time; what is pending rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Streams to and from a container.
 *
 * The connection is one: whoever does not read an output must not ask for it, or cancel its stream, as more than
 * `maxBufferedBytes` of it would hold up everything, the end included.
 *
 * Disposing closes the connection, and what is still open fails with a `RemoteCommandError` (`disposed`). The process in the
 * container is not killed; its stdin ends.
 */
export interface RemoteStreams extends AsyncDisposable {
  /**
   * `null` unless asked for with `stdin: true`. A chunk has been taken when the operating system has it. Closing ends the process's
   * stdin, and rejects with a `RemoteCommandError` (`halfClose`) when the server speaks but v4 of the protocol. After the process has
   * ended, writing rejects with one (`ended`). Aborting means that what came is not all: everything ends with the reason.
   */
  readonly stdin: WritableStream<StdinChunk> | null;
  readonly stdout: ReadableStream<Uint8Array>;
  /** `null` with a terminal, and with `stderr: false`. */
  readonly stderr: ReadableStream<Uint8Array> | null;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /**
   * Tells the terminal its size; does nothing after the end.
   *
   * @throws TypeError without `tty: true`, and for a size that is none.
   */
  resize(size: TerminalSize): void;
}

/** What is asked of a pod's subresource, and with which command. */
export interface StreamTarget {
  readonly subresource: 'exec' | 'attach';
  readonly command?: readonly string[];
}

export interface OpenStreams {
  readonly streams: RemoteStreams;
  readonly session: ChannelSession;
}

/** Rejects as `openWebSocket` does. */
export async function openStreams(config: Config, options: StreamOptions, of: StreamTarget): Promise<OpenStreams> {
  const { namespace, pod: name, container, stdin = false, stdout = true, tty = false } = options;
  const { stderr = !tty, maxBufferedBytes = MiB, heartbeat = DefaultHeartbeat, signal } = options;
  if (tty && stderr) throw new TypeError('stderr: expected false with a terminal, where it is part of stdout');
  if (!(maxBufferedBytes >= 1)) throw new TypeError(`maxBufferedBytes: expected 1 or more, got ${maxBufferedBytes}`);
  signal?.throwIfAborted();
  const { subresource, command } = of;
  const query = { container, command, stdin: stdin !== false, stdout, stderr, tty };
  const target = { group: '', version: 'v1', resource: 'pods', namespace, name, subresource };
  const source = typeof stdin === 'boolean' ? undefined : readableOf(stdin);
  const connection = new AbortController();
  const unlink = signal && onAbort(signal, () => connection.abort(signal.reason));
  try {
    const socket = await openWebSocket(
      restClientFor(config),
      { target, query },
      {
        protocols: options.protocols ?? ChannelProtocols,
        heartbeat: heartbeat === false ? undefined : heartbeat,
        signal: connection.signal,
      },
    );
    const session = new ChannelSession(socket, {
      description: `${subresource} in pod ${JSON.stringify(name)}`,
      maxBufferedBytes,
      signal,
      cut: (reason) => connection.abort(reason),
    });
    if (!stdout) session.stdout.end();
    if (source) feedStdin(source, session);
    return { session, streams: publicStreams(session, { stdin: stdin === true, stderr, tty }) };
  } catch (error) {
    // It is no longer wanted; whether it minds is its own affair.
    source?.cancel(error).catch(() => undefined);
    throw error;
  } finally {
    unlink?.();
  }
}

function publicStreams(
  session: ChannelSession,
  { stdin, stderr, tty }: { readonly stdin: boolean; readonly stderr: boolean; readonly tty: boolean },
): RemoteStreams {
  return {
    stdin: stdin ? session.stdin.writable : null,
    stdout: session.stdout.readable,
    stderr: stderr ? session.stderr.readable : null,
    protocol: session.protocol,
    resize(size) {
      if (!tty) throw new TypeError('resize: there is no terminal without tty: true');
      for (const [field, value] of Object.entries({ width: size.width, height: size.height })) {
        if (Number.isInteger(value) && value >= 1 && value <= MaxSize) continue;
        throw new TypeError(`${field}: expected an integer from 1 to ${MaxSize}, got ${String(value)}`);
      }
      void session.resize(size);
    },
    [Symbol.asyncDispose]: () => session.dispose(),
  };
}
