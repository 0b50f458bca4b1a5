import { setTimeout as sleep } from 'node:timers/promises';
import type { RemoteProcess } from '@client-ts/remotecommand';
import type { RawData, WebSocket } from 'ws';
import { MaxMessageBytes, parseToBridge, type ToPage, WindowBytes } from './protocol.js';
import { pieces, SendWindow } from './send-window.js';

/** RFC 6455 §7.4.1. */
const Done = 1000;
const PolicyViolation = 1008;
const InternalError = 1011;

/** A page that does not answer a ping until the next one is gone, and its shell should not stay behind. */
const PingMs = 30_000;

/**
 * What somebody types who leaves: Control-C, for what runs, and then Control-D until the last shell has gone. Runtimes let a
 * process with a terminal run on when its client has gone, and a page that is closed should not leave a shell behind each time.
 */
const Farewell = ['\u0003', '\u0004', '\u0004', '\u0004', '\u0004', '\u0004'];

/** A terminal forgets what was typed before it has seen Control-C. */
const FarewellPauseMs = 500;

/**
 * Joins the WebSocket of a page to a process with a terminal, until either ends. Of each direction no more than
 * {@link WindowBytes} are kept, whatever the other side does.
 *
 * @param open - starts the process; its signal aborts when the page has gone before.
 */
export async function bridge(socket: WebSocket, open: (signal: AbortSignal) => Promise<RemoteProcess>): Promise<void> {
  const opening = new AbortController();
  const abandon = (): void => opening.abort(new Error('the page has gone'));
  socket.once('close', abandon);
  // What was wrong with it is of no use to anybody: it closes all the same.
  socket.on('error', () => {});
  socket.pause();
  try {
    const signal = opening.signal;
    await using process = await open(signal);
    // From now on the process is to hear of it first.
    socket.off('close', abandon);
    using _ = keepAlive(socket);
    await join(socket, process);
  } catch (error) {
    tell(socket, { type: 'failed', message: error instanceof Error ? error.message : String(error) });
    socket.close(InternalError);
  }
}

async function join(socket: WebSocket, process: RemoteProcess): Promise<void> {
  const output = new SendWindow(WindowBytes);
  const reader = process.stdout.getReader();
  const stdin = process.stdin!.getWriter();
  let isGone = false;
  socket.once('close', () => {
    isGone = true;
    output.leave();
    reader.cancel().catch(() => {});
  });
  feed(socket, process, stdin, output);
  socket.resume();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    for (const piece of pieces(read.value, MaxMessageBytes)) {
      await output.take(piece.length);
      if (!isGone) socket.send(piece);
    }
  }
  if (isGone) return await takeLeave(process, stdin);
  tell(socket, { type: 'exit', ...(await process.exit) });
  socket.close(Done);
}

/** Resolves when the process has ended, or does not mind. */
async function takeLeave(process: RemoteProcess, stdin: WritableStreamDefaultWriter<Uint8Array>): Promise<void> {
  let hasEnded = false;
  const ended = process.exit.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  for (const key of Farewell) {
    if (hasEnded) return;
    stdin.write(new TextEncoder().encode(key)).catch(() => {});
    await Promise.race([ended, sleep(FarewellPauseMs, undefined, { ref: false })]);
  }
}

function tell(socket: WebSocket, message: ToPage): void {
  // Who has gone need not know.
  socket.send(JSON.stringify(message), () => {});
}

/** What comes from the page goes to the process. */
function feed(
  socket: WebSocket,
  process: RemoteProcess,
  stdin: WritableStreamDefaultWriter<Uint8Array>,
  output: SendWindow,
): void {
  let unread = 0;
  const keys = (bytes: Uint8Array): void => {
    unread += bytes.length;
    if (unread > WindowBytes) return socket.close(PolicyViolation, 'more was sent than has been taken');
    // What nobody reads any more is as good as read; the end tells the page by itself.
    const taken = (): void => {
      unread -= bytes.length;
      tell(socket, { type: 'taken', bytes: bytes.length });
    };
    stdin.write(bytes).then(taken, taken);
  };
  const word = (text: string): void => {
    try {
      const message = parseToBridge(text);
      if (message?.type === 'resize') process.resize(message);
      else if (message?.type === 'taken') output.give(message.bytes);
      else throw new TypeError('expected a size, or what was taken');
    } catch (error) {
      socket.close(PolicyViolation, (error as Error).message);
    }
  };
  socket.on('message', (data: RawData, isBinary) => {
    // A socket whose `binaryType` is left as it is gives nothing but these.
    const bytes = data as Buffer;
    if (!isBinary) word(bytes.toString('utf8'));
    else if (bytes.length > 0) keys(bytes);
  });
}

function keepAlive(socket: WebSocket): Disposable {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const timer = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PingMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
