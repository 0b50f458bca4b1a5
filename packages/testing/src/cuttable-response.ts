import { TransportError, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { untilAborted } from './made-up-response.js';

/** Ends a response that is open, or lets it fall silent. */
export type Cut = (how: 'reset' | 'eof' | 'silence') => void;

/** Told when a response starts to be open, and when it no longer is. */
interface Observer {
  opened(cut: Cut): void;
  closed(): void;
}

/** The reason of an abort that stands for the server's orderly end of the body. */
const EndOfBody = Symbol('end of body');

/**
 * Sends a request through `send` so that its response can be ended from outside, at any time until its body has been
 * read.
 *
 * Works through the request's signal alone, which every transport must heed even while a read is pending.
 */
export async function cuttable(
  request: TransportRequest,
  send: (request: TransportRequest) => Promise<TransportResponse>,
  observer: Observer,
): Promise<TransportResponse> {
  const controller = new AbortController();
  const { signal } = request;
  const forward = (): void => controller.abort(signal?.reason);
  const close = (): void => {
    signal?.removeEventListener('abort', forward);
    observer.closed();
  };
  if (signal?.aborted) forward();
  signal?.addEventListener('abort', forward, { once: true });
  let silent = false;
  observer.opened((how) => {
    if (how === 'silence') {
      silent = true;
      return;
    }
    const reset = new TransportError('reset', `connection to ${request.url.host} was cut on purpose`);
    controller.abort(how === 'eof' ? EndOfBody : reset);
  });
  try {
    const response = await send({ ...request, signal: controller.signal });
    return {
      ...response,
      body: endingAtCut(response.body, () => (silent ? untilAborted(controller.signal) : undefined), close),
      discard: () => response.discard().finally(close),
    };
  } catch (error) {
    close();
    // Nothing had been answered yet, so there is no body that could end in good order.
    throw error === EndOfBody
      ? new TransportError('reset', `connection to ${request.url.host} was cut on purpose`)
      : error;
  }
}

async function* endingAtCut(
  body: AsyncIterable<Uint8Array>,
  unlessSilent: () => Promise<never> | undefined,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of body) {
      await unlessSilent();
      yield chunk;
    }
    await unlessSilent();
  } catch (error) {
    if (error !== EndOfBody) throw error;
  } finally {
    close();
  }
}
