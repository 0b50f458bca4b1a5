import { onAbort } from '@client-ts/apimachinery';
import { isStatusError, type Status } from '@client-ts/apimachinery/errors';
import type { WebSocketClose, WebSocketConnection } from '@client-ts/rest';
import { Channel, framed, type TerminalSize } from '../channel-state.js';
import { RemoteCommandError } from '../remote-command-error.js';
import type { StdinChunk } from '../stdin-stream.js';

/** A WebSocket whose server is in the same process. A message counts as sent when the other side has taken it. */
export class FakeConnection implements WebSocketConnection {
  readonly protocol: string;
  readonly messages: AsyncIterable<Uint8Array>;
  readonly stdin: ReadableStream<Uint8Array>;
  readonly closed: Promise<WebSocketClose>;
  #toClientControl!: TransformStreamDefaultController<Uint8Array>;
  readonly #toClient = new TransformStream<Uint8Array, Uint8Array>({
    start: (control) => {
      this.#toClientControl = control;
    },
  });
  readonly #toProcess = new TransformStream<Uint8Array, Uint8Array>();
  readonly #messages: WritableStreamDefaultWriter<Uint8Array> = this.#toClient.writable.getWriter();
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array> = this.#toProcess.writable.getWriter();
  readonly #gone = new AbortController();
  /** Rejects when the client has gone. */
  readonly #untilGone: Promise<never>;
  readonly #unlink: (() => void) | undefined;
  #settle!: (close: WebSocketClose) => void;
  #size: TerminalSize | undefined;
  #resized: (size: TerminalSize) => void = () => {};

  constructor(protocol: string, signal: AbortSignal | undefined) {
    this.protocol = protocol;
    this.messages = this.#toClient.readable;
    this.stdin = this.#toProcess.readable;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#untilGone = new Promise((_, reject) => onAbort(this.signal, () => reject(this.signal.reason as Error)));
    this.#untilGone.catch(() => undefined);
    // A client that leaves the messages has gone as one that closes has.
    this.#messages.closed.catch(() => this.#end(1006));
    // What is written when nobody reads any more says so itself.
    this.#stdin.closed.catch(() => undefined);
    this.#unlink = signal && onAbort(signal, () => this.#cut(signal.reason));
  }

  /** Aborts when the client has gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  output(stream: 'stdout' | 'stderr'): { write(chunk: StdinChunk): Promise<void> } {
    const channel = stream === 'stdout' ? Channel.Stdout : Channel.Stderr;
    return {
      write: async (chunk) => {
        if (this.signal.aborted) throw this.signal.reason;
        const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
        if (bytes.length > 0) await this.#messages.write(framed(channel, bytes));
      },
    };
  }

  onResize(listener: (size: TerminalSize) => void): void {
    this.#resized = listener;
    if (this.#size) listener(this.#size);
  }

  /** Tells the client how it went, and closes. Never rejects. */
  async run(process: () => Promise<number>): Promise<void> {
    const status = await process().then(statusOf, failureOf);
    try {
      await this.#messages.write(framed(Channel.Error, new TextEncoder().encode(JSON.stringify(status))));
      await this.#messages.close();
    } catch {
      // The client has gone: nobody wants to know.
    }
  }

  async send(message: Uint8Array | string): Promise<void> {
    if (this.signal.aborted) throw this.signal.reason;
    if (typeof message === 'string') throw new TypeError('expected messages of bytes');
    const bytes = message.subarray(1);
    switch (message[0]) {
      case Channel.Stdin:
        // A process that does not read its stdin to the end may have ended: the status says how.
        return await Promise.race([this.#stdin.write(bytes).catch(() => undefined), this.#untilGone]);
      case Channel.Close:
        return void this.#stdin.close().catch(() => undefined);
      case Channel.Resize: {
        const { Width: width, Height: height } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, number>;
        this.#size = { width: width ?? 0, height: height ?? 0 };
        return this.#resized(this.#size);
      }
      default:
        throw new TypeError(`expected a message to stdin, its end, or a size, got channel ${message[0]}`);
    }
  }

  close(): Promise<void> {
    this.#end(1000);
    // Aborting the writer would wait for what nobody reads.
    this.#toClientControl.error(this.signal.reason);
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #cut(reason: unknown): void {
    this.#end(1006);
    this.#toClientControl.error(reason);
  }

  #end(code: number): void {
    if (this.signal.aborted) return;
    this.#unlink?.();
    this.#gone.abort(new RemoteCommandError('disposed', 'the client has gone'));
    this.#stdin.close().catch(() => undefined);
    this.#settle({ code, reason: '' });
  }
}

function statusOf(code: number): Partial<Status> {
  if (code === 0) return { status: 'Success' };
  const message = `command terminated with exit code ${code}`;
  const causes = [{ reason: 'ExitCode', message: String(code) }];
  return { status: 'Failure', reason: 'NonZeroExitCode', message, details: { causes } };
}

function failureOf(error: unknown): Partial<Status> {
  if (isStatusError(error)) return { ...error.status, status: 'Failure' };
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
  return { status: 'Failure', reason: 'InternalError', code: 500, message };
}
