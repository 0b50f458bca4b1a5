import { expect, test } from 'vitest';
import { HeaderBlocks } from './header-blocks.js';
import { HeaderInflater } from './header-inflater.test.kit.js';

test('any zlib that knows the dictionary reads what was written, one block after the other', () => {
  const blocks = new HeaderBlocks();
  const inflater = new HeaderInflater();
  for (const headers of [
    { streamtype: 'error', port: '80', requestid: '0' },
    {},
    { streamtype: 'data', port: '65535', requestid: '4294967295' },
    { ü: 'ö', long: 'x'.repeat(60_000) },
  ]) {
    expect(inflater.decode(blocks.encode(headers))).toEqual(headers);
  }
});

test('what no block has a place for is refused', () => {
  expect(() => new HeaderBlocks().encode({ long: 'x'.repeat(65_536) })).toThrow(
    'headers: expected at most 65535 bytes',
  );
});
