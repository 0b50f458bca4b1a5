import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LineCutter, type Piece } from './line-cutter.js';

const encoder = new TextEncoder();
const time = '2026-01-01T00:00:00.000000001Z';

function cut(chunks: readonly Uint8Array[], maxBytes: number): Piece[] {
  const cutter = new LineCutter(maxBytes);
  return [...chunks.flatMap((chunk) => cutter.feed(chunk)), ...cutter.flush()];
}

/** `start`, text and `end` of each piece: `[` and `]` when the line begins and ends there. */
function shown(pieces: readonly Piece[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return pieces.map(({ bytes, starts, ends }) => (starts ? '[' : '') + decoder.decode(bytes) + (ends ? ']' : ''));
}

describe('a line', () => {
  test.each<[string, string, string[]]>([
    ['has a time, and ends with a newline', `${time} a\n`, ['[a]']],
    ['may be empty', `${time} \n${time} b\n`, ['[]', '[b]']],
    ['keeps its carriage return', `${time} a\r\n`, ['[a\r]']],
    ['keeps its byte order mark', `${time} \ufeffa\n`, ['[\ufeffa]']],
    ['may lack its end', `${time} a`, ['[a']],
    ['may lack its time', 'a b\n', ['[a b]']],
    ['is no line without a byte', '', []],
    ['is cut when it is too long', `${time} abcdefghijk\n`, ['[abcd', 'efgh', 'ijk]']],
    ['is not cut when it is just so long', `${time} abcd\n`, ['[abcd]']],
    ['is not cut in a character', `${time} abcü💥\n`, ['[abc', 'ü', '💥]']],
  ])('%s', (_, text, expected) => {
    expect(shown(cut([encoder.encode(text)], 4))).toEqual(expected);
  });

  test('has the time that the server says, in any zone', () => {
    const text =
      '2026-01-01T02:00:01.5+02:00 a\n2026-01-01T00:00:01Z b\n2026-01-01T00:00:02.000000001Z c\n2026-13-41T00:00:00Z d\n';
    const seconds = Date.UTC(2026, 0, 1) / 1000;
    const times = cut([encoder.encode(text)], 100).map(({ time }) => time && [time.seconds - seconds, time.nanos]);
    expect(times).toEqual([[1, 500_000_000], [1, 0], [2, 1], undefined]);
  });

  test('of bytes that go on is cut all the same', () => {
    const bytes = new Uint8Array(10).fill(0x80);
    expect(cut([bytes], 4).map((piece) => piece.bytes.length)).toEqual([4, 4, 2]);
  });
});

test('pieces are the same wherever chunks end', () => {
  const text = fc.oneof(
    fc.constantFrom('', 'a', 'é', '💥', '\r', '\n', `${time} `, `${time} a`, 'x'.repeat(30)),
    fc.constantFrom('\n', '\n', `\n${time} `),
  );
  const texts = fc.array(text, { maxLength: 30 }).map((parts) => encoder.encode(parts.join('')));
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, sizes, fc.integer({ min: 4, max: 80 }), (bytes, sizes, maxBytes) => {
      const chunks: Uint8Array[] = [];
      for (let start = 0, next = 0; start < bytes.length; next++) {
        const size = sizes[next % sizes.length] ?? 1;
        chunks.push(bytes.slice(start, start + size));
        start += size;
      }
      const pieces = cut(chunks, maxBytes);
      expect(shown(pieces)).toEqual(shown(cut([bytes], maxBytes)));
      expect(pieces.every((piece) => piece.bytes.length <= maxBytes)).toBe(true);
    }),
    { numRuns: 200 },
  );
});
