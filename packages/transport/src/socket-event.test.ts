import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { socketEvent } from './socket-event.js';

/** What a socket does when the handshake fails: `node:tls` tells of an error after the end that it comes from. */
test.each(['end', 'close', 'error', 'abort'])('an error that follows %s is nobody’s', async (first) => {
  const socket = new Socket();
  const controller = new AbortController();
  const ready = socketEvent(socket, 'secureConnect', controller.signal);
  if (first === 'abort') controller.abort(new Error('enough'));
  else socket.emit(first, new Error('failed'));
  expect(() => socket.emit('error', new Error('failed again'))).not.toThrow();
  await expect(ready).rejects.toThrow(/closed|failed|enough/);
});

test('leaves no listener behind when all is well', async () => {
  const socket = new Socket();
  const before = socket.eventNames();
  const ready = socketEvent(socket, 'connect', new AbortController().signal);
  socket.emit('connect');
  await ready;
  expect(socket.eventNames()).toEqual(before);
});
