import type { Pod } from '@client-ts/api/core/v1';
import type { FakeClock } from '@client-ts/apimachinery/testing';
import { type Config, type Transport, TransportError, type TransportResponse } from '@client-ts/rest';

/** A line of a log file, or a part of one, as runtimes write them. */
export interface Entry {
  readonly seconds: number;
  readonly nanos: number;
  readonly text: string;
  /** The line goes on with the next entry. */
  readonly partial?: boolean;
}

export interface LogQuery {
  readonly since?: number | undefined;
  readonly tail?: number | undefined;
  readonly timestamps?: boolean;
}

const encoder = new TextEncoder();

/** What a kubelet prints of a log file: cri-client's `ReadLogs`, which looks at each entry by itself. */
export function printed(
  file: readonly Entry[],
  { since = -Infinity, tail = file.length, timestamps = true }: LogQuery,
): Uint8Array<ArrayBuffer> {
  let isNewLine = true;
  let text = '';
  for (const entry of file.slice(Math.max(file.length - tail, 0))) {
    if (entry.seconds >= since) text += (timestamps && isNewLine ? `${timeOf(entry)} ` : '') + lineOf(entry);
    isNewLine = !entry.partial;
  }
  return encoder.encode(text);
}

function lineOf({ text, partial }: Entry): string {
  return partial ? text : `${text}\n`;
}

export function timeOf({ seconds, nanos }: Entry): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', `.${String(nanos).padStart(9, '0')}Z`);
}

/** How the answer to one request for a log ends. */
export interface Ending {
  /** After so much of it, from 0 to 1. */
  readonly cut: number;
  /** In good order, as when a kubelet is killed, or not. */
  readonly clean: boolean;
  /** Bytes in each chunk. */
  readonly chunk: number;
}

export const whole: Ending = { cut: 1, clean: true, chunk: 1000 };

/** Requests that a server sees. */
export interface Seen {
  readonly path: string;
  readonly query: URLSearchParams;
}

type Answer = (request: Seen, signal: AbortSignal | undefined) => TransportResponse | Promise<TransportResponse>;

/** A config whose server gives these answers. */
export function configOf(answer: Answer): Config {
  const transport: Transport = {
    async request({ url, signal }) {
      signal?.throwIfAborted();
      return answer({ path: url.pathname, query: url.searchParams }, signal);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { host: 'http://server.test', transport };
}

export function json(value: object, status = 200): TransportResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: chunks(encoder.encode(JSON.stringify(value)), whole),
    discard: () => Promise.resolve(),
  };
}

export function refusal(code: number, reason: string, message: string): TransportResponse {
  return json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }, code);
}

export function body(bytes: Uint8Array<ArrayBuffer>, ending: Ending): TransportResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: chunks(bytes, ending),
    discard: () => Promise.resolve(),
  };
}

async function* chunks(bytes: Uint8Array<ArrayBuffer>, { cut, clean, chunk }: Ending): AsyncGenerator<Uint8Array> {
  const end = Math.round(bytes.length * cut);
  for (let start = 0; start < end; start += chunk) {
    await Promise.resolve();
    yield bytes.slice(start, Math.min(start + chunk, end));
  }
  if (!clean) throw new TransportError('reset', 'the connection broke');
}

/** A Pod of one container. */
export function podOf(status: Pod['status'], more: Partial<Pod['metadata']> = {}): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', uid: 'uid-1', ...more },
    spec: { restartPolicy: 'Always', containers: [{ name: 'main' }] },
    status: status ?? {},
  };
}

/** Lets time pass until the promise has settled. */
export async function inTime<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  const state = { isSettled: false };
  const settled = promise.finally(() => (state.isSettled = true));
  settled.catch(() => undefined);
  while (!state.isSettled) await clock.advance(clock.untilNext ?? 0);
  return settled;
}
