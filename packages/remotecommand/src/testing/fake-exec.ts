import type { Config, Transport, WebSocketRequest } from '@client-ts/rest';
import { ChannelProtocols, type TerminalSize } from '../channel-state.js';
import type { StdinChunk } from '../stdin-stream.js';
import { FakeConnection } from './fake-connection.js';

/** What a fake process writes to. */
export interface FakeOutput {
  /** Resolves when the client has taken it, which is back-pressure; rejects when the client has gone. */
  write(chunk: StdinChunk): Promise<void>;
}

/** What was asked for, and the streams to whoever asked. */
export interface FakeCall {
  readonly subresource: 'exec' | 'attach';
  readonly namespace: string;
  readonly pod: string;
  readonly container: string | undefined;
  /** Empty for `attach`. */
  readonly command: readonly string[];
  readonly tty: boolean;
  /** Ends when the client ends it, and when the client has gone. */
  readonly stdin: ReadableStream<Uint8Array>;
  readonly stdout: FakeOutput;
  readonly stderr: FakeOutput;
  /** Called with each size that the terminal is given; at once with the last one, if there was any. */
  readonly onResize: (listener: (size: TerminalSize) => void) => void;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Stands in for whatever runs in a container. What it returns is the exit code, and nothing is 0. A `StatusError` that it throws is
 * what the server says against it; any other error is an internal one of the server.
 */
export type FakeProcess = (call: FakeCall) => number | void | Promise<number | void>;

const Path = /^.*\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/(exec|attach)$/;

/**
 * A config with which `exec`, `attach` and what is made of them reach a function in place of a container: for tests of code that
 * runs commands, without a cluster. All else goes where it went before: to an API server in memory, say.
 *
 * ```ts
 * const config = fakeExec(server.config(), async ({ command, stdout }) => {
 *   await stdout.write(`would run ${command.join(' ')}\n`);
 *   return 3;
 * });
 * ```
 *
 * The protocol between them is that of servers, `v5.channel.k8s.io`. Whether there is such a pod is for the function to say.
 */
export function fakeExec(config: Config, process: FakeProcess): Config {
  const inner = config.transport;
  const transport: Transport = {
    request(request) {
      if (inner) return inner.request(request);
      throw new TypeError('fakeExec: the config has no transport for anything but exec and attach');
    },
    async openWebSocket(request) {
      const [, namespace = '', pod = '', subresource] = Path.exec(request.url.pathname) ?? [];
      if (subresource === 'exec' || subresource === 'attach') {
        return opened(request, process, { namespace, pod, subresource });
      }
      if (inner?.openWebSocket) return await inner.openWebSocket(request);
      throw new TypeError(`fakeExec: nothing opens a WebSocket to ${request.url.pathname}`);
    },
    async [Symbol.asyncDispose]() {
      await inner?.[Symbol.asyncDispose]();
    },
  };
  return { ...config, transport };
}

function opened(
  request: WebSocketRequest,
  process: FakeProcess,
  of: Pick<FakeCall, 'namespace' | 'pod' | 'subresource'>,
): Awaited<ReturnType<NonNullable<Transport['openWebSocket']>>> {
  request.signal?.throwIfAborted();
  const protocol = request.protocols.find((each) => (ChannelProtocols as readonly string[]).includes(each));
  if (protocol === undefined) throw new TypeError(`protocols: expected one of ${ChannelProtocols.join(', ')}`);
  const webSocket = new FakeConnection(protocol, request.signal);
  const query = request.url.searchParams;
  const call: FakeCall = {
    ...of,
    container: query.get('container') ?? undefined,
    command: query.getAll('command'),
    tty: query.get('tty') === 'true',
    stdin: webSocket.stdin,
    stdout: webSocket.output('stdout'),
    stderr: webSocket.output('stderr'),
    onResize: (listener) => webSocket.onResize(listener),
    signal: webSocket.signal,
  };
  void webSocket.run(async () => (await process(call)) ?? 0);
  return { status: 101, headers: {}, body: nothing(), discard: () => Promise.resolve(), webSocket };
}

async function* nothing(): AsyncGenerator<Uint8Array, void, void> {}
