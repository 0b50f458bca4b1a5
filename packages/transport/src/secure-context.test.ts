import { expect, test } from 'vitest';
import { secureContextOf } from './secure-context.js';

test('without certificates there is nothing to parse', () => {
  expect(secureContextOf()).toBeUndefined();
  expect(secureContextOf({ insecure: true, serverName: 'name' })).toBeUndefined();
});

test.each([
  [{ cert: 'x' }, 'config.tls.cert is set without config.tls.key'],
  [{ key: 'x' }, 'config.tls.key is set without config.tls.cert'],
  [{ ca: '-----BEGIN CERTIFICATE-----\nAAAA' }, 'config.tls.ca holds no complete certificate'],
  [{ ca: 'x', insecure: true }, 'config.tls.insecure and config.tls.ca exclude each other'],
  [{ ca: '/etc/ca.crt' }, 'config.tls.ca is not PEM text: expected a line "-----BEGIN …-----"'],
  [{ cert: '-----BEGIN X-----', key: 'secret' }, 'config.tls.key is not PEM text: expected a line "-----BEGIN …-----"'],
])('%j is refused', (tls, message) => {
  expect(() => secureContextOf(tls)).toThrow(new TypeError(message));
});

test('damaged PEM is refused without a word of it', () => {
  const pem = '-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----\n';
  expect(() => secureContextOf({ cert: pem, key: pem })).toThrow(
    expect.objectContaining({
      name: 'TypeError',
      message: expect.not.stringContaining('secret') as string,
      cause: expect.any(Error) as Error,
    }) as Error,
  );
});
