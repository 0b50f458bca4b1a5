import { newRequirement, type Operator, type Requirement } from './requirement.js';
import { newSelector, type Selector } from './selector.js';

interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

const End: Token = { kind: 'end', text: '' };
const Symbols: ReadonlySet<string> = new Set(['=', '==', '!=', '!', '<', '>', '(', ')', ',']);

/** Words are everything that is neither white space nor the beginning of a symbol. Linear in the text. */
function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const [match] of text.matchAll(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g)) {
    tokens.push({ kind: Symbols.has(match) ? 'symbol' : 'word', text: match });
  }
  return tokens;
}

/**
 * Parses a label selector such as `app=web,tier in (front, back),!canary`. The empty text matches everything.
 *
 * The grammar is client-go's: `key`, `!key`, `key = v`, `key == v`, `key != v`, `key in (a,b)`, `key notin (a,b)`,
 * `key > n`, `key < n`, joined by commas. `in` and `notin` may be values.
 *
 * @throws RangeError that says what was found and what was expected.
 */
export function parseSelector(text: string): Selector {
  return newSelector(new Parser(tokenize(text)).requirements());
}

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  requirements(): Requirement[] {
    const requirements: Requirement[] = [];
    if (this.#peek() === End) return requirements;
    for (;;) {
      requirements.push(this.#requirement());
      const separator = this.#next();
      if (separator === End) return requirements;
      if (separator.text !== ',') throw unexpected(separator, "',' or end of string");
      const next = this.#peek();
      if (next.kind !== 'word' && next.text !== '!') throw unexpected(next, "identifier after ','");
    }
  }

  #requirement(): Requirement {
    if (this.#peek().text === '!') {
      this.#next();
      return newRequirement(this.#word('identifier'), '!', []);
    }
    const key = this.#word('!, identifier, or end of string');
    const operator = this.#peek();
    if (operator === End || operator.text === ',') return newRequirement(key, 'exists', []);
    this.#next();
    switch (operator.text) {
      case 'in':
      case 'notin':
        return newRequirement(key, operator.text, this.#values());
      case '=':
      case '==':
      case '!=':
        return newRequirement(key, operator.text, [this.#exactValue()]);
      case '>':
      case '<': {
        const comparison: Operator = operator.text === '>' ? 'gt' : 'lt';
        return newRequirement(key, comparison, [this.#exactValue()]);
      }
      default:
        throw unexpected(operator, 'in, notin, =, ==, !=, gt, lt');
    }
  }

  /** `(a,b)`; an empty place between commas is the empty value. */
  #values(): string[] {
    const open = this.#next();
    if (open.text !== '(' || open.kind !== 'symbol') throw unexpected(open, "'('");
    const values: string[] = [];
    let value = '';
    for (;;) {
      const token = this.#next();
      if (token.kind === 'word') {
        value = token.text;
        const after = this.#peek();
        if (after.text !== ',' && after.text !== ')') throw unexpected(after, "',' or ')'");
      } else if (token.text === ',' || token.text === ')') {
        values.push(value);
        value = '';
        if (token.text === ')') return [...new Set(values)];
      } else {
        throw unexpected(token, "',', ')' or identifier");
      }
    }
  }

  #exactValue(): string {
    const token = this.#peek();
    if (token === End || token.text === ',') return '';
    return this.#word('identifier');
  }

  #word(expected: string): string {
    const token = this.#next();
    if (token.kind !== 'word') throw unexpected(token, expected);
    return token.text;
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? End;
  }

  #next(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }
}

function unexpected(found: Token, expected: string): RangeError {
  return new RangeError(`unable to parse requirement: found '${found.text}', expected: ${expected}`);
}
