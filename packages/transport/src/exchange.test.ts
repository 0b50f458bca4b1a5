import { realClock } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { Exchange } from './exchange.js';
import { TransportEvents } from './transport-events.js';

const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };

test.each([
  { code: 'ETIMEDOUT', syscall: 'read' },
  { code: 'EHOSTUNREACH', syscall: 'read' },
  { code: 'ECONNRESET', syscall: 'read' },
  { code: 'EPIPE', syscall: 'write' },
])('a connection that ends by $syscall $code was there: the server may have seen the request', async (error) => {
  const exchange = new Exchange(
    { method: 'POST', url: new URL('http://server/'), headers: {} },
    { peer: 'server', events: new TransportEvents(new Set()), clock: realClock, onOver: () => {} },
  );
  exchange.onRequestStart(controller);
  exchange.onResponseError(controller, Object.assign(new Error(`${error.syscall} ${error.code}`), error));
  await expect(exchange.response).rejects.toMatchObject({ failure: 'reset' });
});
