import { expect, test } from 'vitest';
import { applyBody } from './apply-body.js';

test.each([
  ['\u007f', String.raw`\u007f`],
  ['\u0080', String.raw`\u0080`],
  // The end of a line, in YAML.
  ['\u0085', String.raw`\u0085`],
  ['\u009f', String.raw`\u009f`],
  ['\u2028\u2029', String.raw`\u2028\u2029`],
  ['\ufffe\uffff', String.raw`\ufffe\uffff`],
  ['~\u00a0\u2027\u202a\ud7ff\ue000\ufeff\ufffd😀', '~\u00a0\u2027\u202a\ud7ff\ue000\ufeff\ufffd😀'],
])('%j', (text, written) => {
  expect(applyBody({ [text]: text })).toBe(`{"${written}":"${written}"}`);
  expect(JSON.parse(applyBody({ [text]: text }))).toEqual({ [text]: text });
});

test('integers keep their digits', () => {
  expect(applyBody({ a: 2n ** 62n, b: '\u007f' })).toBe(String.raw`{"a":4611686018427387904,"b":"\u007f"}`);
});
