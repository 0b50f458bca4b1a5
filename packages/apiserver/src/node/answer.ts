import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiRequest, ApiResponse } from '../api-request.js';

/** What answers requests, such as an `ApiServer`. */
export interface RequestHandler {
  /** The response's body is left when the client goes away; `signal` tells of that, too. */
  handle(request: ApiRequest): Promise<ApiResponse>;
}

/** More than a kube-apiserver takes (3 MiB), so that its own refusal is what clients see. */
const MaxBodyBytes = 8 * 1024 * 1024;

/** Answers one HTTP request. Never rejects: a client that has gone is no failure of the server. */
export async function answer(
  handler: RequestHandler,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the client has gone')));
  try {
    const body = await readBody(request);
    const answered = await handler.handle({
      method: request.method ?? 'GET',
      url: urlOf(request),
      headers: request.headers,
      body,
      signal: gone.signal,
    });
    await send(answered, response, gone.signal, request.method === 'HEAD');
  } catch (error) {
    if (gone.signal.aborted) return;
    response.destroy(error as Error);
  }
}

/** Only path and query count, whichever form the request line has. */
function urlOf({ url = '/' }: IncomingMessage): URL {
  // A path of two slashes at its start would be taken for a host.
  return new URL(url.startsWith('/') ? `http://in-memory.invalid${url}` : url, 'http://in-memory.invalid');
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    // The rest is read, since clients look for an answer only after they have sent everything.
    if (length <= MaxBodyBytes) chunks.push(chunk);
  }
  return length === 0 ? undefined : Buffer.concat(chunks);
}

async function send(
  { status, headers, body }: ApiResponse,
  response: ServerResponse,
  gone: AbortSignal,
  headersOnly: boolean,
): Promise<void> {
  response.writeHead(status, headers as Record<string, string | string[]>);
  // The headers of a watch have to be there before its first event is; others travel with their body.
  const flush = setImmediate(() => response.flushHeaders());
  try {
    if (!headersOnly) {
      for await (const chunk of body) {
        // A client that has gone will never drain.
        if (!response.write(chunk)) await once(response, 'drain', { signal: gone });
      }
    }
    response.end();
  } finally {
    clearImmediate(flush);
  }
}
