import type { TransportRequest, TransportResponse } from '@client-ts/rest';
import type { TlsSource } from '@client-ts/transport';
import { expect, test } from 'vitest';
import { renewedCertificate } from './renewed-certificate.js';

const request: TransportRequest = { method: 'POST', url: new URL('https://server'), headers: {}, body: 'once' };

/** Sends a request whose answers are these, while the source gives these certificates: now, and when asked again. */
async function send(statuses: readonly number[], certificates: readonly string[]) {
  const [now, later] = certificates.map((cert) => ({ cert, key: 'k' }));
  const source: TlsSource = ({ rejected }) => (rejected === now ? later : now) ?? {};
  const left = [...statuses];
  const sent: TransportRequest[] = [];
  let discarded = 0;
  const next = (each: TransportRequest): Promise<TransportResponse> => {
    sent.push(each);
    async function* body(): AsyncGenerator<Uint8Array> {}
    const discard = (): Promise<void> => Promise.resolve(void discarded++);
    return Promise.resolve({ status: left.shift() ?? 0, headers: {}, body: body(), discard });
  };
  const { status } = await renewedCertificate(source)(request, next);
  expect(new Set(sent)).toEqual(new Set([request]));
  return { status, requests: sent.length, discarded };
}

test('whoever aborts does not wait for files', async () => {
  const controller = new AbortController();
  const reading: TlsSource = ({ rejected }) => (rejected ? new Promise(() => undefined) : {});
  const body = (async function* () {})();
  const refused = { status: 401, headers: {}, body, discard: () => Promise.resolve() };
  const sending = renewedCertificate(reading)({ ...request, signal: controller.signal }, () =>
    Promise.resolve(refused),
  );
  controller.abort(new Error('mine'));
  await expect(sending).rejects.toThrow('mine');
});

test('the transport is who says that there is no certificate', async () => {
  const source: TlsSource = () => Promise.reject(new TypeError('no file'));
  const next = (): Promise<never> => Promise.reject(new Error('said by the transport'));
  await expect(renewedCertificate(source)(request, next)).rejects.toThrow('said by the transport');
});

test.each([
  ['what is accepted is sent once', [200], ['a', 'b'], { status: 200, requests: 1, discarded: 0 }],
  [
    'what is refused, once more with another certificate',
    [401, 200],
    ['a', 'b'],
    { status: 200, requests: 2, discarded: 1 },
  ],
  ['but no third time', [401, 401], ['a', 'b'], { status: 401, requests: 2, discarded: 1 }],
  ['and not with the same', [401], ['a', 'a'], { status: 401, requests: 1, discarded: 0 }],
  ['nor when it is no question of who somebody is', [403], ['a', 'b'], { status: 403, requests: 1, discarded: 0 }],
])('%s', async (_, statuses, certificates, expected) => {
  expect(await send(statuses, certificates)).toEqual(expected);
});
