import { realClock } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { Exchange } from './exchange.js';
import { TransportEvents } from './transport-events.js';

const controller = { aborted: false, paused: false, reason: null, abort() {}, pause() {}, resume() {} };

function answered(code: string, syscall = ''): Promise<unknown> {
  const exchange = new Exchange(
    { method: 'POST', url: new URL('http://server/'), headers: {} },
    { peer: 'server', events: new TransportEvents(new Set()), clock: realClock, onOver: () => {} },
  );
  exchange.onRequestStart(controller);
  exchange.onResponseError(controller, Object.assign(new Error(`${syscall} ${code}`), { code, syscall }));
  return exchange.response;
}

test.each([
  { code: 'ETIMEDOUT', syscall: 'read' },
  { code: 'EHOSTUNREACH', syscall: 'read' },
  { code: 'ECONNRESET', syscall: 'read' },
  { code: 'EPIPE', syscall: 'write' },
])(
  'a connection that ends by $syscall $code was there: the server may have seen the request',
  async ({ code, syscall }) => {
    await expect(answered(code, syscall)).rejects.toMatchObject({ failure: 'reset' });
  },
);

test.each([
  // Of a peer that does not go on with whom it sees: it has not looked at the request.
  [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'tls',
    'server: the peer refused the TLS handshake: certificate required',
  ],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'tls', 'server: the peer refused the TLS handshake: unknown ca'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tls', 'server: the peer refused the TLS handshake: bad certificate'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'tls', 'server: the peer refused the TLS handshake: certificate expired'],
  // What breaks a connection at any time says nothing of that.
  ['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'reset', undefined],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'reset', undefined],
  ['EPROTO', 'reset', undefined],
])('%s, after a handshake, is %s', async (code, failure, message) => {
  await expect(answered(code)).rejects.toMatchObject({ failure, ...(message === undefined ? {} : { message }) });
});
