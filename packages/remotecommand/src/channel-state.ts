import { decodeOutcome, notUnderstood, type Outcome } from './outcome.js';
import { RemoteCommandError } from './remote-command-error.js';

/** The subprotocols that are spoken, best first: v5 is v4 with an end of stdin. */
export const ChannelProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

export type ChannelProtocol = (typeof ChannelProtocols)[number];

/** First byte of a message: whose its rest is. */
export const Channel = { Stdin: 0, Stdout: 1, Stderr: 2, Error: 3, Resize: 4, Close: 255 } as const;

/** A status is some hundred bytes long and one message; one that never ends must take neither memory nor time. */
const MaxStatusBytes = 64 * 1024;
const MaxStatusParts = 64;

export interface TerminalSize {
  /** In characters, from 1 to 65,535. */
  readonly width: number;
  /** In lines, from 1 to 65,535. */
  readonly height: number;
}

/**
 * Where streams to a container are. `running` until it is known how it went, `reported` from then until the connection is
 * gone, `over` from then on.
 */
export interface ChannelState {
  readonly phase: 'running' | 'reported' | 'over';
  readonly canEndStdin: boolean;
  readonly stdin: 'open' | 'ended';
  /** What has come of the status. */
  readonly status: readonly Uint8Array[];
}

export type ChannelEvent =
  | { readonly type: 'message'; readonly message: Uint8Array | string }
  /** What one message takes, and more than nothing. */
  | { readonly type: 'stdin'; readonly bytes: Uint8Array }
  | { readonly type: 'stdinEnd' }
  | { readonly type: 'resize'; readonly size: TerminalSize }
  /** The peer has closed in good order. */
  | { readonly type: 'closed' }
  /** The connection broke, was cut, or let go of. */
  | { readonly type: 'lost'; readonly reason: unknown };

export type ChannelEffect =
  | { readonly do: 'output'; readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }
  | { readonly do: 'send'; readonly message: Uint8Array }
  /** Whoever waits for the end hears this. */
  | { readonly do: 'settle'; readonly outcome: Outcome }
  /** What is written to stdin from now on fails so. */
  | { readonly do: 'stopStdin'; readonly reason: unknown }
  /** Nothing more comes of either output: because it was all, or for a reason. */
  | { readonly do: 'endOutput'; readonly failure?: { readonly reason: unknown } }
  /** Close the connection. */
  | { readonly do: 'close' }
  /** Whoever asked for this is told that it cannot be. */
  | { readonly do: 'refuse'; readonly reason: unknown };

export interface ChannelStep {
  readonly state: ChannelState;
  readonly effects: readonly ChannelEffect[];
}

export function initialChannelState(protocol: string): ChannelState {
  return { phase: 'running', canEndStdin: protocol === ChannelProtocols[0], stdin: 'open', status: [] };
}

const Nothing: readonly ChannelEffect[] = [];

/**
 * The channel protocol of `k8s.io/apimachinery/pkg/util/remotecommand`, versions 4 and 5 (KEP-4006), without any I/O: what is
 * to be done when something happens, in this order.
 */
export function channelStep(state: ChannelState, event: ChannelEvent): ChannelStep {
  switch (event.type) {
    case 'message':
      return state.phase === 'over' ? stay(state) : received(state, event.message);
    case 'stdin':
      if (state.phase !== 'running' || state.stdin === 'ended') return refuse(state, processEnded());
      return stay(state, { do: 'send', message: framed(Channel.Stdin, event.bytes) });
    case 'stdinEnd':
      return endStdin(state);
    case 'resize': {
      if (state.phase !== 'running') return stay(state);
      const { width, height } = event.size;
      const bytes = new TextEncoder().encode(JSON.stringify({ Width: width, Height: height }));
      return stay(state, { do: 'send', message: framed(Channel.Resize, bytes) });
    }
    case 'closed':
      return ended(state, undefined);
    case 'lost':
      return ended(state, event);
  }
}

function received(state: ChannelState, message: Uint8Array | string): ChannelStep {
  if (typeof message === 'string' || message.length === 0) {
    const what = typeof message === 'string' ? 'text' : 'a message without a channel';
    return ended(state, {
      reason: new RemoteCommandError('protocol', `expected messages of bytes that begin with a channel, got ${what}`),
    });
  }
  const bytes = message.subarray(1);
  // Each channel is announced by an empty message.
  if (bytes.length === 0) return stay(state);
  switch (message[0]) {
    case Channel.Stdout:
      return stay(state, { do: 'output', stream: 'stdout', bytes });
    case Channel.Stderr:
      return stay(state, { do: 'output', stream: 'stderr', bytes });
    case Channel.Error:
      return state.phase === 'running' ? told(state, bytes) : stay(state);
    default:
      // What later versions may say.
      return stay(state);
  }
}

/** The status, or a part of it. */
function told(state: ChannelState, bytes: Uint8Array): ChannelStep {
  const status = [...state.status, bytes];
  const size = status.reduce((sum, { length }) => sum + length, 0);
  if (size > MaxStatusBytes || status.length > MaxStatusParts) {
    const limit = `${MaxStatusBytes} bytes in ${MaxStatusParts} messages`;
    const reason = new RemoteCommandError('protocol', `expected a status of no more than ${limit}`);
    return ended(state, { reason });
  }
  const outcome = decodeOutcome(textOf(status));
  if (!outcome) return stay({ ...state, status });
  return {
    state: { ...state, phase: 'reported', status: [] },
    effects: [{ do: 'settle', outcome }, { do: 'stopStdin', reason: processEnded() }, { do: 'close' }],
  };
}

function endStdin(state: ChannelState): ChannelStep {
  if (state.phase !== 'running' || state.stdin === 'ended') return stay(state);
  if (!state.canEndStdin) {
    const why = `the server speaks ${ChannelProtocols[1]}, in which stdin cannot end: it stays open until all is closed`;
    return refuse(state, new RemoteCommandError('halfClose', why));
  }
  const message = Uint8Array.of(Channel.Close, Channel.Stdin);
  return { state: { ...state, stdin: 'ended' }, effects: [{ do: 'send', message }] };
}

function ended(state: ChannelState, failure: { readonly reason: unknown } | undefined): ChannelStep {
  if (state.phase === 'over') return stay(state);
  const over: ChannelState = { ...state, phase: 'over', status: [] };
  // The status comes after all output: what happens then is of no interest.
  if (state.phase === 'reported') return { state: over, effects: [{ do: 'endOutput' }, { do: 'close' }] };
  const { reason } = failure ?? { reason: endedSilently(state) };
  return {
    state: over,
    effects: [
      { do: 'settle', outcome: { error: reason } },
      { do: 'stopStdin', reason },
      { do: 'endOutput', failure: { reason } },
      { do: 'close' },
    ],
  };
}

function endedSilently({ status }: ChannelState): RemoteCommandError {
  if (status.length > 0) return notUnderstood(textOf(status));
  return new RemoteCommandError('protocol', 'the server closed without a status: how it went is not known');
}

function processEnded(): RemoteCommandError {
  return new RemoteCommandError('ended', 'stdin: nobody reads it any more');
}

function stay(state: ChannelState, ...effects: readonly ChannelEffect[]): ChannelStep {
  return { state, effects: effects.length === 0 ? Nothing : effects };
}

function refuse(state: ChannelState, reason: unknown): ChannelStep {
  return { state, effects: [{ do: 'refuse', reason }] };
}

/** What goes over the network: the number of the channel, and then what is said on it. */
export function framed(channel: number, bytes: Uint8Array): Uint8Array {
  const message = new Uint8Array(1 + bytes.length);
  message[0] = channel;
  message.set(bytes, 1);
  return message;
}

function textOf(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join('') + decoder.decode();
}
