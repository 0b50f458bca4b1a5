import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitText } from './fit-text.js';

const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

describe('fitText', () => {
  test.each([
    ['what fits stays', 'started', 7, 'started'],
    ['one byte more does not', 'started!', 7, 'star...'],
    ['a character of two bytes is not cut', 'aé'.repeat(4), 9, 'aéaé...'],
    ['a character of four bytes is not cut', '😀😀😀', 9, '😀...'],
    ['a high surrogate that stands alone is replaced', 'a\ud83d', 9, 'a\ufffd'],
    ['a low surrogate that stands alone is replaced', '\ude00a', 9, '\ufffda'],
    ['a replaced one takes its three bytes', 'ab\ud83d', 4, 'a...'],
    ['a byte order mark is a character', '\ufeffa', 9, '\ufeffa'],
    ['nothing stays nothing', '', 4, ''],
  ])('%s', (_, text, max, expected) => {
    expect(fitText(text, max)).toBe(expected);
  });

  test('any text has a place and is one that UTF-8 can say; only what did not fit has lost anything', () => {
    const character = fc.constantFrom('a', 'é', '€', '😀', '\ud83d', '\ude00');
    const text = fc.array(character, { maxLength: 40, size: 'max' }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 100 }), (text, max) => {
        const fitted = fitText(text, max);
        const whole = new TextDecoder().decode(new TextEncoder().encode(text));
        expect(bytesOf(fitted)).toBeLessThanOrEqual(max);
        if (bytesOf(whole) <= max) expect(fitted).toBe(whole);
        else expect(whole.startsWith(fitted.slice(0, -3)) && fitted.endsWith('...')).toBe(true);
      }),
    );
  });
});
