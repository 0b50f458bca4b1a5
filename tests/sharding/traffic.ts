import type { Middleware } from '@client-ts/rest';

/** Counts what the server sends of ConfigMaps, as it comes in. */
export class Traffic {
  watchBytes = 0;
  listBytes = 0;

  readonly middleware: Middleware = async (request, next) => {
    const response = await next(request);
    if (request.method !== 'GET' || !request.url.pathname.endsWith('/configmaps')) return response;
    const { body } = response;
    const counted = async function* (this: Traffic): AsyncGenerator<Uint8Array, void> {
      for await (const chunk of body) {
        if (request.longRunning) this.watchBytes += chunk.length;
        else this.listBytes += chunk.length;
        yield chunk;
      }
    };
    return { ...response, body: counted.call(this), discard: () => response.discard() };
  };
}
