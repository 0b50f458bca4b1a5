import { onAbort } from '@client-ts/apimachinery';
import { PortForwardError } from './port-forward-error.js';
import type { SpdySession, SpdyStream, StreamEvents } from './spdy-session.js';
import { Fin } from './spdy-frame.js';

/** A neighbour on the tunnel waits no longer than for so much, which still costs little to send. */
const MaxFrameBytes = 64 * 1024;

/** So much may wait to be sent before the writer has to. */
const MaxUnsentBytes = 256 * 1024;

/** The server's own words, as long as they say something. */
const MaxTextBytes = 4096;

/** Who takes what comes from a port. Is told nothing before the connection is open, and nothing after `fail`. */
export interface PortSink {
  /** @returns whether there is room for more: if not, {@link PortConnection.resume} is to be called when there is. */
  data(bytes: Uint8Array): boolean;
  /** The Pod sends no more. */
  end(): void;
  /** Nobody takes what would be written from now on. What has come stays. */
  stop(reason: PortForwardError): void;
  /** Everything has ended, for this reason. */
  fail(reason: unknown): void;
}

/** What a connection needs of its tunnel. */
export interface PortTunnel {
  readonly session: SpdySession;
  /** There is no room for what comes on this connection, or there is again. */
  hold(connection: PortConnection, isHeld: boolean): void;
  /** It needs the tunnel no longer. */
  leave(connection: PortConnection): void;
  /** Resolves when the server has had time to say more, in which we have listened. */
  grace(how: Grace): Promise<void>;
}

/** So much time: that of an answer to a ping, but no more than a second; a second; ten. */
export type Grace = 'brief' | 'full' | 'long';

export interface PortTarget {
  readonly pod: string;
  readonly port: number;
  /** Brings the two streams of a connection together; another one for each. */
  readonly requestId: number;
}

/**
 * One connection to a port: a pair of streams, one for the data and one for what the server has to say against it.
 *
 * The end of the data says nothing yet: servers send it before they tell that it was not a good one. So it counts when the stream
 * for errors has ended too, or when there was time for that. There is little as long as we go on sending, which may be what the Pod
 * waits for; more for a connection that ends before its first byte, which was probably refused; and much when both directions have
 * ended, after which servers end that stream by themselves.
 */
export class PortConnection {
  /** Settles when the server has taken the connection, which says nothing of the Pod. */
  readonly opened: Promise<void>;
  readonly #tunnel: PortTunnel;
  readonly #description: string;
  readonly #sink: PortSink;
  readonly #data: SpdyStream;
  readonly #error: SpdyStream;
  readonly #unlink: (() => void) | undefined;
  #settleOpened!: { readonly resolve: () => void; readonly reject: (reason: unknown) => void };
  #isOpen = false;
  #text = new Uint8Array(0);
  #unsent = 0;
  #wake: (() => void) | undefined;
  #isDiscarding = false;
  #hasData = false;
  #hasFin = false;
  #hasEnded = false;
  #hasStopped = false;
  #over: { readonly reason: unknown; readonly how: 'well' | 'badly' } | undefined;

  /** @param signal - breaks it off at any time. */
  constructor(tunnel: PortTunnel, { pod, port, requestId }: PortTarget, sink: PortSink, signal?: AbortSignal) {
    this.#tunnel = tunnel;
    this.#sink = sink;
    this.#description = `pod ${JSON.stringify(pod)}, port ${port}`;
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    this.opened.catch(() => undefined);
    const headers = { port: String(port), requestid: String(requestId) };
    const { session } = tunnel;
    this.#error = session.open({ ...headers, streamtype: 'error' }, this.#errorEvents(), Fin);
    this.#data = session.open({ ...headers, streamtype: 'data' }, this.#dataEvents());
    this.#unlink = signal && onAbort(signal, () => this.reset(signal.reason));
  }

  /** @returns what to wait for before more is written; nothing when there is room. Rejects, as it throws, with why it ended. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#over) throw this.#over.reason;
    if (this.#hasStopped || this.#data.isLocalDone) throw this.#endedError();
    for (let start = 0; start < bytes.length; start += MaxFrameBytes) {
      void this.#send(bytes.subarray(start, start + MaxFrameBytes));
    }
    if (this.#unsent <= MaxUnsentBytes) return undefined;
    return new Promise<void>((resolve, reject) => {
      this.#wake = () => {
        if (!this.#over) resolve();
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- may be the reason of an abort
        else reject(this.#over.reason);
      };
    });
  }

  /** Tells the Pod that it was all. */
  async end(): Promise<void> {
    this.#expectNoFailure();
    await this.#data.end();
    this.#expectNoFailure();
    if (this.#isDiscarding) this.reset(this.#endedError());
  }

  /** There is room for more. */
  resume(): void {
    this.#tunnel.hold(this, false);
  }

  /** Nobody wants what comes. */
  discard(): void {
    this.#isDiscarding = true;
    this.resume();
    if (this.#data.isLocalDone) this.reset(this.#endedError());
  }

  /** Breaks it off; what is pending fails for this reason. Does nothing after the end. */
  reset(reason: unknown): void {
    this.#finish(reason, 'badly');
  }

  /** As {@link reset}, for the reason that its owner let go of it. */
  dispose(): void {
    this.reset(new PortForwardError('disposed', `${this.#description}: the connection was disposed of before its end`));
  }

  #dataEvents(): StreamEvents {
    return {
      replied: () => {
        this.#isOpen = true;
        this.#settleOpened.resolve();
      },
      data: (bytes) => {
        this.#hasData = true;
        if (!this.#isDiscarding && !this.#sink.data(bytes)) this.#tunnel.hold(this, true);
      },
      fin: () => {
        this.#hasFin = true;
        if (this.#hasStopped) this.#end();
        else void this.#endInTime();
      },
      reset: (status) => {
        const hasText = this.#text.length > 0;
        const why = `the server reset the connection, with status ${status}`;
        this.reset(hasText ? this.#remoteError() : this.#refusal(why));
      },
    };
  }

  #errorEvents(): StreamEvents {
    const ended = (): void => {
      if (this.#text.length > 0) {
        this.reset(this.#remoteError());
        return;
      }
      this.#hasStopped = true;
      if (this.#isOpen) this.#sink.stop(this.#endedError());
      if (this.#hasFin) this.#end();
    };
    return {
      replied: () => {},
      data: (bytes) => {
        this.#text = joined(this.#text, bytes.subarray(0, MaxTextBytes - this.#text.length));
      },
      fin: ended,
      reset: ended,
    };
  }

  #expectNoFailure(): void {
    if (this.#over?.how === 'badly') throw this.#over.reason;
  }

  /** Never rejects: what cannot be sent is told of by the tunnel. */
  async #send(bytes: Uint8Array): Promise<void> {
    this.#unsent += bytes.length;
    await this.#data.write(bytes).catch(() => undefined);
    this.#unsent -= bytes.length;
    // Half of it, so that a writer does not wait anew for every piece.
    if (this.#unsent > MaxUnsentBytes / 2) return;
    this.#wake?.();
    this.#wake = undefined;
  }

  async #endInTime(): Promise<void> {
    await this.#tunnel.grace(this.#data.isLocalDone ? 'long' : this.#hasData ? 'brief' : 'full');
    this.#end();
  }

  /** What the Pod sends has ended well. */
  #end(): void {
    if (this.#over) return;
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#sink.end();
    }
    if (this.#hasStopped) this.#finish(this.#endedError(), 'well');
  }

  #finish(reason: unknown, how: 'well' | 'badly'): void {
    if (this.#over) return;
    this.#over = { reason, how };
    this.#unlink?.();
    this.#data.reset();
    this.#error.reset();
    this.#tunnel.leave(this);
    this.#settleOpened.reject(reason);
    this.#wake?.();
    if (how === 'badly' && this.#isOpen) this.#sink.fail(reason);
  }

  #remoteError(): PortForwardError {
    return this.#refusal(JSON.stringify(new TextDecoder().decode(this.#text)));
  }

  #refusal(why: string): PortForwardError {
    return new PortForwardError('remote', `${this.#description}: ${why}`);
  }

  #endedError(): PortForwardError {
    return new PortForwardError('ended', `${this.#description}: the connection has ended`);
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
