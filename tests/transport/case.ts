import type { TlsConfig, Transport, TransportRequest } from '@client-ts/rest';
import type { AnswerTo, Peer } from './peer.js';

/** Makes a transport of the kind that is tested. */
export type MakeTransport = (options?: { readonly tls?: TlsConfig; readonly proxyUrl?: string }) => Transport;

/** What a transport talks to in cases that know nothing of sockets. */
export interface AnyPeer extends AsyncDisposable, Pick<Peer, 'connections' | 'requests' | 'request' | 'url'> {}

/** Starts what a transport talks to. */
export type StartPeer = (answer: AnswerTo) => Promise<AnyPeer>;

/** One thing that holds for every transport. */
export type TransportCase = (make: MakeTransport, start: StartPeer) => Promise<void>;

/** A request with nothing special about it. */
export function get(url: URL, rest: Partial<TransportRequest> = {}): TransportRequest {
  return { method: 'GET', url, headers: {}, ...rest };
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it succeeded');
}
