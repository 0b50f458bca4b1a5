import {
  encodeHeaders,
  type Transport,
  TransportError,
  type TransportRequest,
  type TransportResponse,
} from '@client-ts/rest';
import type { ApiRequest, ApiResponse } from './api-request.js';

/** Carries requests to a server in the same process. Bytes go through, so nothing is shared with clients. */
export function inProcessTransport(handle: (request: ApiRequest) => Promise<ApiResponse>): Transport {
  let closed = false;
  return {
    async request(request: TransportRequest): Promise<TransportResponse> {
      request.signal?.throwIfAborted();
      encodeHeaders(request.headers); // refuses what HTTP cannot carry
      if (closed) throw new TransportError('connect', `the API server at ${request.url.host} is closed`);
      const response = await handle(request);
      // A client over a network is never answered in the turn in which it asks.
      await Promise.resolve();
      let read = false;
      const body = response.body[Symbol.asyncIterator]();
      return {
        status: response.status,
        headers: response.headers,
        body: {
          [Symbol.asyncIterator]() {
            read = true;
            return body;
          },
        },
        async discard() {
          if (!read) await body.return?.();
        },
      };
    },
    async [Symbol.asyncDispose]() {
      closed = true;
    },
  };
}
