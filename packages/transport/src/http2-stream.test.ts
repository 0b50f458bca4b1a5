import type { ClientHttp2Stream } from 'node:http2';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Exchange } from './exchange.js';
import { carry } from './http2-stream.js';

/** A stream whose events come in the order that a test gives them, and what an exchange is told of them. */
function setUp() {
  const told: string[] = [];
  const exchange = {
    onFreed: undefined,
    onRequestStart: () => told.push('start'),
    onResponseStart: (_: unknown, status: number) => told.push(String(status)),
    onResponseData: (_: unknown, chunk: Buffer) => told.push(chunk.toString()),
    onResponseEnd: () => told.push('end'),
    onResponseError: (_: unknown, error: Error) => told.push(error.message),
  };
  const stream = Object.assign(new PassThrough(), { rstCode: 0 });
  carry(stream as unknown as ClientHttp2Stream, exchange as unknown as Exchange, {
    body: null,
    again: undefined,
    onActive: () => {},
    onFree: () => told.push('free'),
    errorOf: (_, code) => new Error(`code ${code}`),
  });
  return { stream, told };
}

test('a body that is there before its headers are told is not lost', async () => {
  const { stream, told } = setUp();
  stream.end('body');
  await turn();
  stream.emit('response', { ':status': 200 });
  await turn();
  expect(told).toEqual(['start', '200', 'body', 'free', 'end']);
});

test('a stream that is reset before it is answered is an error', async () => {
  const { stream, told } = setUp();
  stream.rstCode = 2;
  stream.destroy();
  await turn();
  expect(told).toEqual(['start', 'free', 'code 2']);
});
