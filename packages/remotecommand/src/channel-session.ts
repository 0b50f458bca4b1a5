import { onAbort } from '@client-ts/apimachinery';
import type { WebSocketConnection } from '@client-ts/rest';
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
  channelStep,
  initialChannelState,
  type TerminalSize,
} from './channel-state.js';
import type { Outcome } from './outcome.js';
import { OutputStream } from './output-stream.js';
import { RemoteCommandError } from './remote-command-error.js';
import { StdinStream } from './stdin-stream.js';

export interface ChannelSessionOptions {
  /** What is spoken with, for messages: `exec in pod "web"`. */
  readonly description: string;
  readonly maxBufferedBytes: number;
  readonly signal: AbortSignal | undefined;
  /** Breaks the connection at once. */
  readonly cut: (reason: unknown) => void;
}

/** Streams to a container over one open WebSocket: does what {@link channelStep} says. */
export class ChannelSession {
  readonly stdin: StdinStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  readonly #socket: WebSocketConnection;
  readonly #options: ChannelSessionOptions;
  readonly #unlink: (() => void) | undefined;
  #state: ChannelState;
  #settle!: (outcome: Outcome) => void;
  /** Messages that the operating system does not have yet. */
  #unsent = 0;
  #nextSize: TerminalSize | undefined;
  #isResizing = false;

  constructor(socket: WebSocketConnection, options: ChannelSessionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#state = initialChannelState(socket.protocol);
    this.outcome = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.stdout = new OutputStream(options.maxBufferedBytes);
    this.stderr = new OutputStream(options.maxBufferedBytes);
    this.stdin = new StdinStream({
      send: (bytes) => this.#ask({ type: 'stdin', bytes }),
      end: () => this.#ask({ type: 'stdinEnd' }),
      abandon: (reason) => this.lose(reason),
    });
    const { signal } = options;
    this.#unlink = signal && onAbort(signal, () => this.lose(signal.reason));
    void this.#receive();
  }

  get protocol(): string {
    return this.#socket.protocol;
  }

  /** Of several sizes that wait, only the last one is sent. */
  async resize(size: TerminalSize): Promise<void> {
    this.#nextSize = size;
    if (this.#isResizing) return;
    this.#isResizing = true;
    for (let next = this.#takeSize(); next; next = this.#takeSize()) {
      // What has failed shows elsewhere.
      await this.#ask({ type: 'resize', size: next }).catch(() => undefined);
    }
    this.#isResizing = false;
  }

  /** Ends everything for this reason, at once: the connection is cut. */
  lose(reason: unknown): void {
    if (this.#state.phase === 'over') return;
    this.#options.cut(reason);
    void this.#ask({ type: 'lost', reason });
  }

  /** Lets go of the connection, and resolves when it is gone. */
  async dispose(): Promise<void> {
    const why = `${this.#options.description}: the connection was disposed of before the end`;
    const reason = new RemoteCommandError('disposed', why);
    // A farewell would wait behind what the peer does not take.
    if (this.#unsent > 0) this.lose(reason);
    else await this.#ask({ type: 'lost', reason });
    await this.#socket.closed;
  }

  #takeSize(): TerminalSize | undefined {
    const size = this.#nextSize;
    this.#nextSize = undefined;
    return size;
  }

  async #receive(): Promise<void> {
    try {
      for await (const message of this.#socket.messages) {
        const room = this.#happen({ type: 'message', message }).room;
        if (room) await room;
        if (this.#state.phase === 'over') break;
      }
      this.#happen({ type: 'closed' });
    } catch (reason) {
      this.#happen({ type: 'lost', reason });
    }
  }

  /** Resolves when what is to be sent has been; rejects when it cannot be. */
  async #ask(event: ChannelEvent): Promise<void> {
    await this.#happen(event).sent;
  }

  #happen(event: ChannelEvent): Doing {
    const { state, effects } = channelStep(this.#state, event);
    this.#state = state;
    const doing: Doing = {};
    for (const effect of effects) this.#do(effect, doing);
    return doing;
  }

  #do(effect: ChannelEffect, doing: Doing): void {
    switch (effect.do) {
      case 'output':
        doing.room = this[effect.stream].write(effect.bytes);
        break;
      case 'send':
        doing.sent = this.#send(effect.message);
        break;
      case 'settle':
        this.#settle(effect.outcome);
        break;
      case 'stopStdin':
        this.stdin.stop(effect.reason);
        break;
      case 'endOutput':
        this.#unlink?.();
        for (const output of [this.stdout, this.stderr]) {
          if (effect.failure) output.fail(effect.failure.reason);
          else output.end();
        }
        break;
      case 'close':
        void this.#socket.close();
        break;
      case 'refuse':
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- may be the reason of an abort
        doing.sent = Promise.reject(effect.reason);
        break;
    }
  }

  async #send(message: Uint8Array): Promise<void> {
    this.#unsent++;
    try {
      await this.#socket.send(message);
    } finally {
      this.#unsent--;
    }
  }
}

/** What an event has set going. */
interface Doing {
  /** Until there is room for more output. */
  room?: Promise<void> | undefined;
  sent?: Promise<void>;
}
