import { JsonPathError, quoted } from './json-path-error.js';
import type { SliceStep } from './steps.js';

const Slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/;

/** No list is that long, and beyond it numbers do not count by ones. What is further is this, in messages as well. */
const Furthest = 2 ** 52;

/** What is in brackets, read as `start:end:step`, each of which may be missing; `*` is `:`, and nothing is `0`. */
export function parseSlice(content: string, at: number): SliceStep {
  const match = Slice.exec(content === '*' ? ':' : content);
  if (match === null) {
    throw new JsonPathError(
      'syntax',
      `invalid array index ${quoted(content)}`,
      at + 1,
      "a number, start:end:step, * or 'key'",
    );
  }
  const [, start = '', end, step] = match;
  const from = bound(start, at);
  return end === undefined
    ? { type: 'slice', at, start: from, end: (from ?? 0) + 1, single: true, step: undefined }
    : {
        type: 'slice',
        at,
        start: from,
        end: bound(end.slice(1), at),
        single: false,
        step: bound(step?.slice(1) ?? '', at),
      };
}

function bound(text: string, at: number): number | undefined {
  if (text === '') return undefined;
  const value = Number(text);
  if (Number.isNaN(value) || value < -(2 ** 63) || value >= 2 ** 63) {
    throw new JsonPathError('syntax', `array index ${quoted(text)} is not a number`, at + 1, 'an integer of 64 bits');
  }
  return Math.max(-Furthest, Math.min(value, Furthest));
}
