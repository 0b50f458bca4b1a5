import { getEventListeners } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { readText, type Transport, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { describe, expect, test } from 'vitest';
import type { AnyPeer } from './case.js';
import { type Fault, FaultRelay } from './fault-relay.js';
import { Http2Peer, http2Certificate, http2Tls } from './http2-peer.js';
import { openResources } from './open-resources.js';
import { type AnswerTo, Peer } from './peer.js';

/** Comes in parts, each of which is a record of TLS. */
const Parts = Array.from({ length: 4 }, (_, n) => `part ${n} of an answer. `.repeat(40));
const Answer = Parts.join('');
const Question = 'what is asked. '.repeat(100);

/** A long-running request goes over HTTP/2 where the server speaks it, a short one never does. */
const protocols: Record<string, { longRunning: boolean; start: (answer: AnswerTo) => Promise<AnyPeer> }> = {
  'HTTP/1.1': { longRunning: false, start: (answer) => Peer.start(answer, http2Certificate) },
  'HTTP/2': { longRunning: true, start: (answer) => Http2Peer.start(answer) },
};

/** What became of a request. */
interface Outcome {
  readonly response?: TransportResponse;
  readonly body?: string;
  readonly error?: unknown;
}

async function outcomeOf(transport: Transport, request: TransportRequest): Promise<Outcome> {
  let response: TransportResponse | undefined;
  try {
    response = await transport.request(request);
    return { response, body: await readText(response.body) };
  } catch (error) {
    return { error, ...(response ? { response } : {}) };
  }
}

/** Places spread over everything that passes, in both directions: handshakes, requests, headers and bodies. */
function places({ up, down }: { up: number; down: number }): Pick<Fault, 'way' | 'after'>[] {
  const spread = (total: number): number[] => Array.from({ length: 14 }, (_, n) => Math.floor((total * n) / 13));
  return [
    ...spread(up).map((after) => ({ way: 'up' as const, after })),
    ...spread(down).map((after) => ({ way: 'down' as const, after })),
  ];
}

describe.each(Object.entries(protocols))('over %s', (_, { longRunning, start }) => {
  const answer: AnswerTo = () => ({
    headers: { 'content-length': String(Answer.length) },
    body: (async function* () {
      for (const part of Parts) {
        yield part;
        await turn();
      }
    })(),
  });

  async function setUp() {
    const clock = new FakeClock();
    const peer = await start(answer);
    const relay = await FaultRelay.start(Number(peer.url().port));
    const url = new URL(`https://${relay.host}/`);
    const request: TransportRequest = { method: 'POST', url, headers: {}, body: Question, longRunning };
    const connect = (): Transport => newTransport({ tls: http2Tls, clock });
    {
      await using transport = connect();
      expect(await outcomeOf(transport, request)).toMatchObject({ body: Answer });
    }
    return {
      clock,
      peer,
      relay,
      request,
      connect,
      whole: relay.passed,
      async [Symbol.asyncDispose]() {
        await relay[Symbol.asyncDispose]();
        await peer[Symbol.asyncDispose]();
      },
    };
  }

  test.each(['reset', 'end'] as const)('a %s at any place is an error that says how far it came', async (kind) => {
    await using wired = await setUp();
    const { clock, peer, relay, request, connect, whole } = wired;
    const failures = new Set<string>();
    for (const place of places(whole)) {
      await using transport = connect();
      relay.fault = { ...place, kind };
      const asked = peer.requests.length;
      const { response, body, error } = await outcomeOf(transport, request);
      const where = JSON.stringify(relay.fault);
      relay.fault = undefined;
      if (error === undefined) {
        expect(body === Answer, where).toBe(true);
        continue;
      }
      const { failure, message } = error as { failure: string; message: string };
      failures.add(failure);
      expect(message, where).toContain(`${relay.host}: `);
      // The server has seen nothing of what did not connect, and only an answer can be truncated.
      if (failure === 'connect' || failure === 'tls') expect(peer.requests.length, where).toBe(asked);
      expect(failure === 'truncated', where).toBe(response !== undefined);
      expect(['connect', 'tls', 'reset', 'truncated'], where).toContain(failure);
      expect((await outcomeOf(transport, request)).body === Answer, `after ${where}`).toBe(true);
    }
    expect([...failures]).toEqual(expect.arrayContaining(['connect', 'reset', 'truncated']));
    expect(clock.pending).toBe(0);
    await wired[Symbol.asyncDispose]();
    await expect.poll(openResources).toEqual([]);
  });

  test('a wire that goes dead at any place holds up nobody who does not wait', async () => {
    await using wired = await setUp();
    const { clock, relay, request, connect, whole } = wired;
    const reason = { mine: true };
    for (const place of places({ up: whole.up - 1, down: whole.down - 1 })) {
      const controller = new AbortController();
      const transport = connect();
      relay.fault = { ...place, kind: 'stall' };
      const happened = relay.happened();
      const outcome = outcomeOf(transport, { ...request, signal: controller.signal });
      await Promise.race([happened, outcome]);
      controller.abort(reason);
      const { body, error } = await outcome;
      // What is behind the end of the answer is no part of it.
      if (body === undefined) expect(error, JSON.stringify(relay.fault)).toBe(reason);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
      await transport[Symbol.asyncDispose]();
    }
    expect(clock.pending).toBe(0);
    await wired[Symbol.asyncDispose]();
    await expect.poll(openResources).toEqual([]);
  });

  test.each([
    [1, 0],
    [7, 0],
    [1000, 0],
    [200, 1],
  ])('what comes in pieces of %i bytes, each of which takes %i ms, arrives', async (pieces, delayMs) => {
    await using wired = await setUp();
    const { peer, relay, request, connect } = wired;
    Object.assign(relay, { pieces, delayMs });
    await using transport = connect();
    expect(await outcomeOf(transport, request)).toMatchObject({ body: Answer });
    expect(peer.requests.at(-1)?.body.toString()).toBe(Question);
  });
});
