import type { TlsConfig, Transport, TransportRequest } from '@client-ts/rest';

/** Makes a transport of the kind that is tested. */
export type MakeTransport = (options?: { readonly tls?: TlsConfig; readonly proxyUrl?: string }) => Transport;

/** One thing that holds for every transport. */
export type TransportCase = (make: MakeTransport) => Promise<void>;

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
