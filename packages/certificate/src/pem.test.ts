import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPem, pemBlocks } from './pem.js';

test('what is formatted is read, also with other line ends and indented', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200, size: 'max' }), (der) => {
      const pem = formatPem('CERTIFICATE', der);
      for (const text of [pem, pem.replaceAll('\n', '\r\n'), pem.replaceAll(/^(?!-)/gm, '  '), `a\n${pem}b`])
        expect(pemBlocks(text)).toEqual([{ type: 'CERTIFICATE', hasHeaders: false, der: Buffer.from(der) }]);
      for (const line of pem.split('\n')) expect(line.length).toBeLessThanOrEqual(64);
    }),
  );
});

test('headers are not part of the content', () => {
  const [line, ...lines] = formatPem('RSA PRIVATE KEY', Buffer.from('key')).split('\n');
  const text = [line, 'Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES', '', ...lines].join('\n');
  expect(pemBlocks(text)).toEqual([{ type: 'RSA PRIVATE KEY', hasHeaders: true, der: Buffer.from('key') }]);
});

const good = formatPem('CERTIFICATE', Buffer.from('good'));

test.each([
  ['nothing', ''],
  ['no end', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
  ['no begin', 'AAAA\n-----END CERTIFICATE-----\n'],
  ['an end of another type', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END KEY-----\n'],
  ['no base64', '-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n'],
  ['base64 that is cut off', '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n'],
  ['no content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n'],
  ['headers without an end', '-----BEGIN CERTIFICATE-----\nA: B\n-----END CERTIFICATE-----\n'],
])('%s is passed over', (_, text) => {
  expect(pemBlocks(text)).toEqual([]);
  expect(pemBlocks(text + good).map(({ der }) => der.toString())).toEqual(['good']);
});

test('a huge text with nothing but beginnings is read in one go', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `-----BEGIN ${index}-----`).join('\n');
  expect(pemBlocks(text)).toEqual([]);
});
