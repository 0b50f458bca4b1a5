import { getEventListeners } from 'node:events';
import { readText } from '@client-ts/rest';
import { expect } from 'vitest';
import { failureOf, get, type TransportCase } from '../case.js';
import { open, silence } from '../peer.js';
import { RawPeer } from '../raw-peer.js';

const reason = { mine: true };

/** How a request is ended before its end. */
export const leaving = {
  'an aborted signal sends nothing, and rejects with its reason': async (make, start) => {
    await using peer = await start(() => ({}));
    await using transport = make();
    expect(await failureOf(transport.request(get(peer.url(), { signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(peer.requests).toEqual([]);
  },

  'an abort in the turn in which it was sent rejects with its reason': async (make, start) => {
    const controller = new AbortController();
    await using peer = await start(silence);
    await using transport = make();
    const failure = failureOf(transport.request(get(peer.url(), { signal: controller.signal })));
    controller.abort(reason);
    expect(await failure).toBe(reason);
  },

  'an abort before the answer rejects with its reason, and closes the connection': async (make, start) => {
    const controller = new AbortController();
    await using peer = await start(silence);
    await using transport = make();
    const failure = failureOf(transport.request(get(peer.url(), { signal: controller.signal })));
    const request = await peer.request();
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await request.left;
  },

  'an abort before there is a connection rejects with its reason': async (make) => {
    const controller = new AbortController();
    let accepted = (): void => {};
    const connected = new Promise<void>((resolve) => (accepted = resolve));
    // It never says a word, so the handshake does not end.
    await using peer = await RawPeer.start((socket) => socket.once('data', accepted));
    await using transport = make();
    const failure = failureOf(transport.request(get(peer.url('/', 'https'), { signal: controller.signal })));
    await connected;
    controller.abort(reason);
    expect(await failure).toBe(reason);
  },

  'an abort within the body rejects with its reason, and closes the connection': async (make, start) => {
    const controller = new AbortController();
    await using peer = await start(() => ({ body: open('first') }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { signal: controller.signal, longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    const failure = failureOf(body.next());
    controller.abort(reason);
    expect(await failure).toBe(reason);
    await (
      await peer.request()
    ).left;
  },

  'leaving while the next part is waited for ends the wait, and closes the connection': async (make, start) => {
    await using peer = await start(() => ({ body: open('first') }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    const body = response.body[Symbol.asyncIterator]();
    await body.next();
    const waiting = body.next().catch(() => undefined);
    await body.return?.();
    await waiting;
    await (
      await peer.request()
    ).left;
  },

  'an abort while nobody reads is what the next reader gets': async (make, start) => {
    const controller = new AbortController();
    await using peer = await start(() => ({ body: open('first') }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { signal: controller.signal, longRunning: true }));
    controller.abort(reason);
    await (
      await peer.request()
    ).left;
    expect(await failureOf(readText(response.body))).toBe(reason);
  },

  'an abort after the end changes nothing': async (make, start) => {
    const controller = new AbortController();
    await using peer = await start(() => ({ body: 'whole' }));
    await using transport = make();
    for (let i = 0; i < 2; i++) {
      const response = await transport.request(get(peer.url(), { signal: controller.signal }));
      expect(await readText(response.body)).toBe('whole');
    }
    const before = peer.connections;
    controller.abort(reason);
    await (await transport.request(get(peer.url()))).discard();
    expect(peer.connections).toBe(before);
  },

  'leaving the loop closes the connection': async (make, start) => {
    await using peer = await start(() => ({ body: open('first') }));
    await using transport = make();
    const response = await transport.request(get(peer.url(), { longRunning: true }));
    for await (const chunk of response.body) {
      expect(Buffer.from(chunk).toString()).toBe('first');
      break;
    }
    await (
      await peer.request()
    ).left;
  },

  'no listener stays on a signal that is used again and again': async (make, start) => {
    const { signal } = new AbortController();
    await using peer = await start(() => ({ body: 'whole' }));
    await using transport = make();
    for (let i = 0; i < 5; i++) {
      const response = await transport.request(get(peer.url(), { signal }));
      if (i % 2 === 0) await readText(response.body);
      else await response.discard();
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  },
} satisfies Record<string, TransportCase>;
