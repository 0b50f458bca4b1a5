import { Absent, goScalar, isMap, plain } from './go-value.js';
import { JsonPathError } from './json-path-error.js';
import { type Budget, MaxDepth } from './limits.js';
import { sortedKeys } from './sorted-keys.js';

/** How a value looks as text. */
export interface Notation {
  readonly map: readonly [open: string, close: string];
  readonly list: readonly [open: string, close: string];
  readonly separator: string;
  /** For each level, with a line for each value. Without it, all is one line. */
  readonly indent?: string;
  key(key: string): string;
  scalar(value: unknown): string;
}

/** As Go writes it: keys in order, and what HTML would take for its own, escaped. */
export const json: Notation = {
  map: ['{', '}'],
  list: ['[', ']'],
  separator: ',',
  key: (key) => `${jsonString(key)}:`,
  scalar: jsonScalar,
};

export const indentedJson: Notation = { ...json, indent: '    ', key: (key) => `${jsonString(key)}: ` };

/** As Go's `fmt.Print` shows values. */
export const go: Notation = {
  map: ['map[', ']'],
  list: ['[', ']'],
  separator: ' ',
  key: (key) => `${key}:`,
  scalar: (value) => (value === null || value === Absent ? '<nil>' : goScalar(value)),
};

/** Strings that need nothing but quotes: no control characters, no halves, nothing that HTML or JavaScript would take for theirs. */
const Plain = /^[ !#-%'-;=?-[\]-\u2027\u202a-\ud7ff\ue000-\uffff]*$/;
const Escaped = /[<>&\u2028\u2029]/g;
/** Halves of a character, for which Go has no string. */
const Half = /\p{Cs}/gu;

function jsonString(text: string): string {
  if (Plain.test(text)) return `"${text}"`;
  return JSON.stringify(text.replace(Half, '\ufffd')).replace(Escaped, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function jsonScalar(value: unknown): string {
  const scalar = plain(value);
  if (typeof scalar === 'string') return jsonString(scalar);
  return typeof scalar === 'bigint' ? String(scalar) : (JSON.stringify(scalar) ?? 'null');
}

/** A map or list whose inside is being written. */
interface Open {
  readonly inside: Readonly<Record<string, unknown>> | readonly unknown[];
  readonly keys: readonly string[] | undefined;
  readonly length: number;
  readonly close: string;
  next: number;
}

/** So few that they are garbage while they are young: a long text of millions of parts is mostly work for the collector. */
const PartsAtOnce = 4096;

/** The text of a value, in the notation. Values may be deeper than the stack is: up to 10,000 levels, which ends cycles too. */
export function writeValue(value: unknown, notation: Notation, budget: Budget): string {
  const texts: string[] = [];
  let parts: string[] = [];
  const open: Open[] = [];
  const write = (text: string): void => {
    budget.spend(text.length);
    if (parts.push(text) < PartsAtOnce) return;
    texts.push(parts.join(''));
    parts = [];
  };
  const line = (): void => {
    if (notation.indent !== undefined) write(`\n${notation.indent.repeat(open.length)}`);
  };
  const begin = (item: unknown): void => {
    if (!Array.isArray(item) && !isMap(item)) {
      write(notation.scalar(item ?? null));
      return;
    }
    if (open.length === MaxDepth) throw new JsonPathError('limit', `more than ${MaxDepth} levels`);
    const keys = Array.isArray(item) ? undefined : sortedKeys(item);
    const [opening, close] = keys === undefined ? notation.list : notation.map;
    const length = keys?.length ?? (item as readonly unknown[]).length;
    write(opening);
    open.push({ inside: item, keys, length, close, next: 0 });
  };

  begin(value);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const index = top.next++;
    if (index < top.length) {
      if (index > 0) write(notation.separator);
      line();
      const key = top.keys?.[index];
      if (key !== undefined) write(notation.key(key));
      begin((top.inside as Readonly<Record<string, unknown>>)[key ?? index]);
    } else {
      open.pop();
      if (top.length > 0) line();
      write(top.close);
    }
  }
  texts.push(parts.join(''));
  return texts.join('');
}
