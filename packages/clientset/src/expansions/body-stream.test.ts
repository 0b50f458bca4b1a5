import { getEventListeners } from 'node:events';
import { settle } from '@client-ts/apimachinery/testing';
import type { TransportResponse } from '@client-ts/rest';
import { describe, expect, test, vi } from 'vitest';
import { bodyStream } from './body-stream.js';

/** A request whose answer comes chunk by chunk, as the test says. */
function exchange() {
  const chunks = new TransformStream<Uint8Array, Uint8Array>();
  const seen: { signal?: AbortSignal; closed: boolean; opened: number } = { closed: false, opened: 0 };
  async function* body(): AsyncGenerator<Uint8Array> {
    const reader = chunks.readable.getReader();
    const aborted = new Promise<never>((_, reject) => {
      seen.signal?.addEventListener('abort', () => reject(seen.signal?.reason as Error));
    });
    aborted.catch(() => {});
    try {
      for (;;) {
        const { done, value } = await Promise.race([reader.read(), aborted]);
        if (done) return;
        yield value;
      }
    } finally {
      seen.closed = true;
    }
  }
  const open = (signal: AbortSignal): Promise<TransportResponse> => {
    seen.signal = signal;
    seen.opened++;
    const discard = (): Promise<void> => {
      seen.closed = true;
      return Promise.resolve();
    };
    return Promise.resolve({ status: 200, headers: {}, body: body(), discard });
  };
  const writer = chunks.writable.getWriter();
  return {
    open,
    seen,
    write: (text: string) => void writer.write(new TextEncoder().encode(text)),
    end: () => void writer.close(),
  };
}

test('the body is what was sent, and the request is sent once, when somebody reads', async () => {
  const { open, seen, write, end } = exchange();
  const stream = bodyStream(open, undefined);
  expect(seen.opened).toBe(0);
  write('one ');
  write('two');
  end();
  expect(await new Response(stream).text()).toBe('one two');
  expect(seen).toMatchObject({ opened: 1, closed: true });
});

test('leaving the loop closes the connection', async () => {
  const { open, seen, write } = exchange();
  write('one');
  for await (const chunk of bodyStream(open, undefined)) {
    expect(new TextDecoder().decode(chunk)).toBe('one');
    break;
  }
  expect(seen.closed).toBe(true);
});

test('cancelling closes the connection while a chunk is waited for', async () => {
  const { open, seen } = exchange();
  const reader = bodyStream(open, undefined).getReader();
  const pending = reader.read();
  await settle();
  await reader.cancel(new Error('enough'));
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(seen.closed).toBe(true);
});

test('cancelling ends a request that was not answered yet', async () => {
  let asked: AbortSignal | undefined;
  const open = (signal: AbortSignal): Promise<TransportResponse> => {
    asked = signal;
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  };
  const reader = bodyStream(open, undefined).getReader();
  const pending = reader.read();
  await settle();
  await reader.cancel('enough');
  expect(await pending).toEqual({ done: true, value: undefined });
  expect(asked?.reason).toBe('enough');
});

test('a stream that nobody read is cancelled without a request', async () => {
  const { open, seen } = exchange();
  await bodyStream(open, undefined).cancel();
  expect(seen.opened).toBe(0);
});

describe('the signal', () => {
  test('rejects with its reason before a request is sent', async () => {
    const { open, seen } = exchange();
    const reason = new Error('enough');
    await expect(bodyStream(open, AbortSignal.abort(reason)).getReader().read()).rejects.toBe(reason);
    expect(seen.opened).toBe(0);
  });

  test('rejects with its reason while a chunk is waited for', async () => {
    const { open, seen } = exchange();
    const controller = new AbortController();
    const reason = new Error('enough');
    const pending = bodyStream(open, controller.signal).getReader().read();
    await settle();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(seen).toMatchObject({ opened: 1, closed: true });
  });

  test('is let go of at the end', async () => {
    const { open, end } = exchange();
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');
    end();
    await new Response(bodyStream(open, controller.signal)).text();
    expect(added).toHaveBeenCalledTimes(1);
    expect(removed).toHaveBeenCalledWith('abort', added.mock.calls[0]?.[1]);
  });
});

test('a refusal is an error of the stream', async () => {
  const refusal = new Error('not found');
  const stream = bodyStream(() => Promise.reject(refusal), undefined);
  await expect(stream.getReader().read()).rejects.toBe(refusal);
});

test.each<[string, (stream: ReadableStream<Uint8Array>) => unknown]>([
  ['is not read', () => {}],
  ['is cancelled before it is read', (stream) => stream.cancel()],
])('a stream that %s leaves no listener on the signal', async (_, use) => {
  const { open, seen } = exchange();
  const { signal } = new AbortController();
  await use(bodyStream(open, signal));
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  expect(seen.opened).toBe(0);
});
