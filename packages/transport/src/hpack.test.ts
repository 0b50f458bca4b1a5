import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { HpackDecoder, HpackError } from './hpack-decoder.js';
import { encodeRequest } from './hpack-encoder.js';
import { decodeHuffman } from './huffman.js';

function decoded(decoder: HpackDecoder, hex: string): [string, string][] {
  const fields: [string, string][] = [];
  decoder.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'), (name, value) => fields.push([name, value]));
  return fields;
}

/** Of a request. */
function read(block: string): [string, string][] {
  return decoded(new HpackDecoder(), Buffer.from(block, 'latin1').toString('hex'));
}

function huffman(hex: string): string | undefined {
  const bytes = Buffer.from(hex, 'hex');
  return decodeHuffman(bytes, 0, bytes.length);
}

test('what RFC 7541 gives as examples is read as it says', () => {
  const requests = new HpackDecoder();
  const first = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ];
  expect(decoded(requests, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')).toEqual(first);
  expect(decoded(requests, '8286 84be 5886 a8eb 1064 9cbf')).toEqual([...first, ['cache-control', 'no-cache']]);
  expect(decoded(requests, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf')).toEqual([
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ]);
  expect(decoded(new HpackDecoder(), '4882 6402 5885 aec3 771a 4b')).toEqual([
    [':status', '302'],
    ['cache-control', 'private'],
  ]);
});

test('the oldest fields go when the table is full, or made smaller', () => {
  const decoder = new HpackDecoder();
  const long = 'a'.repeat(100);
  const kept = (letter: string): string =>
    `4001${Buffer.from(letter).toString('hex')}64${Buffer.from(long).toString('hex')}`;
  for (const letter of 'abc') decoded(decoder, kept(letter));
  expect(decoded(decoder, 'c0 be')).toEqual([
    ['a', long],
    ['c', long],
  ]);
  // Room for two of them, of 133 bytes each.
  expect(decoded(decoder, '3fef01 bf')).toEqual([['b', long]]);
  expect(() => decoded(decoder, 'c0')).toThrow(HpackError);
});

test.each([
  ['an index of nothing', '80'],
  ['an index that nothing has', 'be'],
  ['a number that is cut off', 'ff'],
  ['a number without end', 'ff80808080808080'],
  ['a text that is cut off', '0005 61'],
  ['a code that ends early', '0081 ff00 00'],
  ['padding that is none', '0081 00 00'],
  ['a table larger than was agreed', '3fe1ff03'],
  ['a table that changes within headers', '82 20'],
])('%s is no header', (_, hex) => {
  expect(() => decoded(new HpackDecoder(), hex)).toThrow(HpackError);
});

test('the end of a coded text is never in it, and what is left of its last byte are ones', () => {
  expect(huffman('ffffffff')).toBeUndefined();
  expect(huffman('07')).toBe('0');
  expect(huffman('00')).toBeUndefined();
  expect(huffman('07ff')).toBeUndefined();
  expect(huffman('')).toBe('');
});

test('nothing that a peer sends does more than fail', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (blocks) => {
      const decoder = new HpackDecoder();
      try {
        for (const block of blocks) decoder.decode(Buffer.from(block), () => {});
      } catch (error) {
        expect(error).toBeInstanceOf(HpackError);
      }
    }),
  );
});

test('a request is what its header block says', () => {
  const text = fc.string({
    unit: fc.integer({ min: 32, max: 255 }).map((byte) => String.fromCharCode(byte)),
    maxLength: 300,
  });
  const name = fc.oneof(
    fc.constantFrom('accept', 'authorization', 'user-agent'),
    fc.stringMatching(/^x-[a-z0-9-]{1,200}$/),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'POST', 'PATCH'),
      text,
      fc.dictionary(name, fc.oneof(text, fc.array(text, { maxLength: 3 }))),
      (method, path, headers) => {
        for (const frozen of [false, true, true]) {
          const object = frozen ? Object.freeze(headers) : headers;
          const fields = read(encodeRequest(method, 'server', path, object));
          expect(Object.fromEntries(fields.slice(0, 4))).toEqual({
            ':authority': 'server',
            ':method': method,
            ':path': path,
            ':scheme': 'https',
          });
          expect(fields.slice(4)).toEqual(
            Object.entries(headers).flatMap(([key, value]) => [value].flat().map((each) => [key, each])),
          );
        }
      },
    ),
  );
});

test('what is about connections is not sent, nor what is no name', () => {
  const block = encodeRequest('GET', 'server', '/', { host: 'other', connection: 'close', 'keep-alive': '1' });
  const fields = read(block);
  expect(fields).toHaveLength(4);
  expect(fields).toContainEqual([':authority', 'other']);
  expect(() => encodeRequest('GET', 'server', '/', { 'Two words': '' })).toThrow(
    new TypeError('"Two words" is no name of a header in lower case'),
  );
});
