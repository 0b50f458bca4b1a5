import { FloatLiteral } from './go-value.js';
import { JsonPathError, quoted } from './json-path-error.js';
import { parseSlice } from './parse-slice.js';
import type { FilterStep, Step, Steps } from './steps.js';
import { unquote } from './unquote.js';

/** What ends a word or a field, if no backslash is before it. */
const Terminator = /[ \t\r\n.,[\]$@{}]/;
const LetterOrDigit = /[\p{L}\p{Nd}_]/u;
const Digit = /\p{Nd}/u;
/** What Go's `%#U` shows beside the code of a character. */
const Visible = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;

/**
 * The pieces of a template: text, and the steps of each `{…}`.
 *
 * Takes time in proportion to the template. What is in brackets is read again as a template of its own, as client-go does, but
 * brackets can be in brackets only as far as quotes reach: some five times.
 */
export function parseTemplate(template: string): Steps[] {
  return new Parser(template, 0).parse();
}

class Parser {
  readonly #text: string;
  /** Where this text begins in the template. */
  readonly #base: number;
  #position = 0;

  constructor(text: string, base: number) {
    this.#text = text;
    this.#base = base;
  }

  parse(): Steps[] {
    const pieces: Steps[] = [];
    for (;;) {
      const brace = this.#text.indexOf('{', this.#position);
      const text = this.#text.slice(this.#position, brace < 0 ? undefined : brace);
      if (text !== '') pieces.push([{ type: 'text', at: this.#at(), text }]);
      if (brace < 0) return pieces;
      this.#position = brace + 1;
      pieces.push(this.#action());
    }
  }

  /** What is between braces; the closing one is read. */
  #action(): Steps {
    const steps: Step[] = [];
    for (;;) {
      const at = this.#at();
      const start = this.#position;
      const character = this.#next();
      switch (character) {
        case '}':
          return steps;
        case '':
        case '\r':
        case '\n':
          throw new JsonPathError('syntax', 'unclosed action', at, '}');
        case ' ':
        case '@':
        case '$':
          break;
        case '[':
          if (this.#text.startsWith('?(', this.#position)) steps.push(this.#filter(at));
          else for (const step of this.#brackets(at)) steps.push(step);
          break;
        case '"':
        case "'":
          steps.push(this.#quote(at, character));
          break;
        case '.':
          if (this.#text[this.#position] === '.') {
            this.#position++;
            if (steps.at(-1)?.type === 'recursive') {
              throw new JsonPathError('syntax', 'invalid multiple recursive descent', at, 'a field after ..');
            }
            steps.push({ type: 'recursive', at });
            if (LetterOrDigit.test(this.#peek())) steps.push(this.#field(at));
          } else {
            steps.push(this.#field(at));
          }
          break;
        default:
          this.#position = start;
          if (character === '+' || character === '-' || Digit.test(character)) steps.push(this.#number(at));
          else if (LetterOrDigit.test(character)) steps.push(this.#word(at));
          else throw unrecognized(character, at);
      }
    }
  }

  #field(at: number): Step {
    const start = this.#position;
    while (this.#position < this.#text.length && !Terminator.test(this.#text.charAt(this.#position))) {
      this.#position += this.#text[this.#position] === '\\' ? 2 : 1;
    }
    const name = this.#text.slice(start, this.#position);
    return name === '*' ? { type: 'wildcard', at } : { type: 'field', at, name: name.replaceAll('\\', '') };
  }

  #word(at: number): Step {
    const start = this.#position;
    while (this.#position < this.#text.length && !Terminator.test(this.#text.charAt(this.#position))) this.#position++;
    const word = this.#text.slice(start, this.#position);
    return word === 'true' || word === 'false'
      ? { type: 'literal', at, value: word === 'true' }
      : { type: 'word', at, word };
  }

  #number(at: number): Step {
    const start = this.#position;
    if (/[+-]/.test(this.#peek())) this.#position++;
    while (this.#peek() === '.' || Digit.test(this.#peek())) this.#next();
    const text = this.#text.slice(start, this.#position);
    const value = numberLiteral(text);
    if (value === undefined) {
      throw new JsonPathError(
        'syntax',
        `cannot parse number ${quoted(text)}`,
        at,
        'decimal digits and at most one point',
      );
    }
    return { type: 'literal', at, value };
  }

  #quote(at: number, quote: string): Step {
    const start = this.#position - 1;
    for (;;) {
      const character = this.#next();
      if (character === '' || character === '\n') {
        throw new JsonPathError('syntax', 'unterminated quoted string', at, quote);
      }
      // Whatever the backslash is itself: '\\' goes on.
      if (character === quote && this.#text[this.#position - 2] !== '\\') break;
    }
    const literal = this.#text.slice(start, this.#position);
    const text = unquote(literal);
    if (text === undefined) {
      const reason = `unquote string ${quoted(literal)} error invalid syntax`;
      throw new JsonPathError('syntax', reason, at, "the escapes of Go's strings");
    }
    return { type: 'text', at, text };
  }

  /** Indices, slices, keys, and several of them; the opening bracket is read. */
  #brackets(at: number): readonly Step[] {
    const start = this.#position;
    const end = this.#text.slice(start).search(/[\]\n]/);
    if (end < 0 || this.#text[start + end] === '\n') {
      throw new JsonPathError('syntax', 'unterminated array', at, ']');
    }
    this.#position = start + end + 1;
    const content = this.#text.slice(start, start + end);

    const elements = content.split(',');
    if (elements.length > 1) {
      const branches: Steps[] = [];
      let from = at + 1;
      for (const element of elements) {
        const spaces = element.search(/[^ ]|$/);
        branches.push(parseAction(`[${withoutSpacesAtEnd(element.slice(spaces))}]`, from + spaces - 1));
        from += element.length + 1;
      }
      return [{ type: 'union', at, branches }];
    }
    const key = /^'([^']*)'$/.exec(content)?.[1];
    return key === undefined ? [parseSlice(content, at)] : parseAction(`.${key}`, at + 1);
  }

  /** The opening bracket is read. */
  #filter(at: number): FilterStep {
    this.#position += '?('.length;
    const start = this.#position;
    let quote = '';
    let closed = false;
    for (;;) {
      const character = this.#next();
      if (character === '' || character === '\n') throw new JsonPathError('syntax', 'unterminated filter', at, ')]');
      if (character === '"' || character === "'") {
        if (quote === '') quote = character;
        else if (character === quote && this.#text[this.#position - 2] !== '\\') closed = true;
      }
      if (character === ')' && (quote === '' || closed)) break;
    }
    const content = this.#text.slice(start, this.#position - 1);
    if (this.#peek() !== ']') throw new JsonPathError('syntax', 'unclosed array expect ]', this.#at(), ']');
    this.#position++;
    const from = this.#base + start;
    const operator = operatorOf(content);
    if (operator === undefined) return { type: 'filter', at, left: parseAction(content, from) };
    const end = operator.start + operator.text.length;
    return {
      type: 'filter',
      at,
      left: parseAction(content.slice(0, operator.start), from),
      comparison: { operator: operator.text, right: parseAction(content.slice(end), from + end) },
    };
  }

  #at(): number {
    return this.#base + Math.min(this.#position, this.#text.length);
  }

  /** The next character, or '' at the end. */
  #next(): string {
    const character = this.#peek();
    this.#position += character.length;
    return character;
  }

  #peek(): string {
    const code = this.#text.codePointAt(this.#position);
    return code === undefined ? '' : String.fromCodePoint(code);
  }
}

/** The steps of what would be between braces. */
function parseAction(text: string, base: number): Steps {
  return new Parser(`{${text}}`, base - 1).parse()[0] ?? [];
}

/** By hand: an expression for it would try every run of spaces up to its end, which takes the square of their number. */
function withoutSpacesAtEnd(text: string): string {
  let end = text.length;
  while (text[end - 1] === ' ') end--;
  return text.slice(0, end);
}

/** The first run of operator characters that has something on both sides. */
function operatorOf(content: string): { start: number; text: string } | undefined {
  const start = content.search(/[!<>=]/);
  if (start <= 0) return undefined;
  const text = /^[!<>=]+/.exec(content.slice(start))?.[0] ?? '';
  if (start + text.length < content.length) return { start, text };
  // Its last character is then what it compares with, as in client-go's expression.
  return text.length > 1 ? { start, text: text.slice(0, -1) } : undefined;
}

/** Integers of 64 bits, all others as a float. */
function numberLiteral(text: string): number | bigint | FloatLiteral | undefined {
  if (/^[+-]?[0-9]+$/.test(text)) {
    const value = Number(text);
    if (Number.isSafeInteger(value)) return value;
    // Nineteen digits and a sign are what 64 bits hold; to read a million of them would take a while.
    const digits = text.replace(/^([+-]?)0+/, '$1');
    if (digits.length <= 20) {
      const exact = BigInt(digits.replace('+', ''));
      if (BigInt.asIntN(64, exact) === exact) return exact;
    }
  } else if (!/^[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)$/.test(text)) {
    return undefined;
  }
  const value = Number(text);
  return Number.isFinite(value) ? new FloatLiteral(value) : undefined;
}

function unrecognized(character: string, at: number): JsonPathError {
  const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  const shown = Visible.test(character) ? ` '${character}'` : '';
  const reason = `unrecognized character in action: U+${code}${shown}`;
  return new JsonPathError('syntax', reason, at, 'a field, an index, a filter, a literal or }');
}
