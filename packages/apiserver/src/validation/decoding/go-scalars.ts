import { DecodeError } from './decode-error.js';

/** Parts of a time, as Go names them in its messages. */
type TimePart = readonly [pattern: RegExp, name: string];

const DateAndTime: readonly TimePart[] = [
  [/\d{4}/y, '2006'],
  [/-/y, '-'],
  [/\d{2}/y, '01'],
  [/-/y, '-'],
  [/\d{2}/y, '02'],
  [/T/y, 'T'],
  [/\d{2}/y, '15'],
  [/:/y, ':'],
  [/\d{2}/y, '04'],
  [/:/y, ':'],
];
const Seconds: TimePart = [/\d{2}/y, '05'];
const SecondsWithFraction: TimePart = [/\d{2}(?:[.,]\d+)?/y, '05'];
const Microseconds: TimePart = [/[.,]\d{6}/y, '.000000'];
const Zone: TimePart = [/Z|[+-]\d{2}:\d{2}/y, 'Z07:00'];

/** How a kind of time is read, and how it is written back. */
export type TimePrecision = 'seconds' | 'microseconds';

const Layouts: Readonly<Record<TimePrecision, { readonly text: string; readonly parts: readonly TimePart[] }>> = {
  seconds: { text: '2006-01-02T15:04:05Z07:00', parts: [...DateAndTime, SecondsWithFraction, Zone] },
  microseconds: {
    text: '2006-01-02T15:04:05.000000Z07:00',
    parts: [...DateAndTime, Seconds, Microseconds, Zone],
  },
};

/**
 * A time as a real server stores it: UTC, with as many digits as its type has.
 *
 * @throws DecodeError for text that is not RFC 3339, or has another number of digits than six where six are wanted.
 */
export function canonicalTime(text: string, precision: TimePrecision): string {
  const layout = Layouts[precision];
  let position = 0;
  for (const [pattern, name] of layout.parts) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) {
      const problem = `cannot parse ${JSON.stringify(text.slice(position))} as ${JSON.stringify(name)}`;
      throw new DecodeError(`parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout.text)}: ${problem}`);
    }
    position += match[0].length;
  }
  if (position < text.length) {
    throw new DecodeError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(text.slice(position))}`);
  }
  const ms = Date.parse(text.replace(',', '.'));
  if (Number.isNaN(ms)) {
    throw new DecodeError(`parsing time ${JSON.stringify(text)}: day out of range`);
  }
  const utc = new Date(ms).toISOString().slice(0, 19);
  return precision === 'seconds' ? `${utc}Z` : `${utc}.${/[.,](\d{6})/.exec(text)![1]}Z`;
}

/** @throws DecodeError for text that is not base64; the position is the one that Go names. */
export function requireBase64(text: string): void {
  const position = corruptBase64At(text);
  if (position !== undefined) throw new DecodeError(`illegal base64 data at input byte ${position}`);
}

function corruptBase64At(text: string): number | undefined {
  let inQuantum = 0;
  let quantumStart = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (char === '\n' || char === '\r') continue;
    if (char === '=') return corruptPaddingAt(text, i, inQuantum);
    if (!/[A-Za-z0-9+/]/.test(char)) return i;
    if (inQuantum === 0) quantumStart = i;
    inQuantum = (inQuantum + 1) % 4;
  }
  return inQuantum === 0 ? undefined : quantumStart;
}

function corruptPaddingAt(text: string, start: number, inQuantum: number): number | undefined {
  if (inQuantum < 2) return start;
  const expected = 4 - inQuantum;
  const padding = text.slice(start).replaceAll(/[\r\n]/g, '');
  if (padding.length < expected) return text.length;
  return padding === '='.repeat(expected) ? undefined : start + expected;
}
