import { newRequirement, type Requirement } from './requirement.js';
import { newSelector, type Selector } from './selector.js';

interface Token {
  readonly kind: 'word' | 'symbol' | 'end';
  readonly text: string;
}

const End: Token = { kind: 'end', text: '' };

/**
 * Parses a label selector such as `app=web,tier in (front, back),!canary`. The empty text matches everything.
 *
 * The grammar is client-go's: `key`, `!key`, `key = v`, `key == v`, `key != v`, `key in (a,b)`, `key notin (a,b)`,
 * `key > n`, `key < n`, joined by commas. `in` and `notin` may be keys and values.
 *
 * @throws RangeError that says what was found and what was expected.
 */
export function parseSelector(text: string): Selector {
  return newSelector(new Parser(tokenize(text)).requirements());
}

/** Words are everything that is neither ASCII white space nor the beginning of a symbol. Linear in the text. */
function tokenize(text: string): Token[] {
  const matches = text.matchAll(/(==|!=|[=!<>(),])|[^ \t\r\n=!<>(),]+/g);
  return Array.from(matches, ([text, symbol]) => ({ kind: symbol === undefined ? 'word' : 'symbol', text }));
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
    let expected = "!, identifier, or 'end of string'";
    for (;;) {
      const first = this.#peek();
      if (first.kind !== 'word' && first.text !== '!') throw unexpected(first, expected);
      try {
        requirements.push(this.#requirement());
      } catch (cause) {
        throw new RangeError(`unable to parse requirement: ${(cause as Error).message}`, { cause });
      }
      const separator = this.#next();
      if (separator === End) return requirements;
      if (separator.text !== ',') throw unexpected(separator, "',' or 'end of string'");
      expected = "identifier after ','";
    }
  }

  #requirement(): Requirement {
    if (this.#peek().text === '!') {
      this.#next();
      return newRequirement(this.#word(), '!', []);
    }
    const key = this.#word();
    if (this.#atEndOfRequirement()) return newRequirement(key, 'exists', []);
    const operator = this.#next();
    switch (operator.text) {
      case 'in':
      case 'notin':
        return newRequirement(key, operator.text, this.#values());
      case '=':
      case '==':
      case '!=':
        return newRequirement(key, operator.text, [this.#exactValue()]);
      case '>':
        return newRequirement(key, 'gt', [this.#exactValue()]);
      case '<':
        return newRequirement(key, 'lt', [this.#exactValue()]);
      default:
        throw unexpected(operator, 'in, notin, =, ==, !=, gt, lt');
    }
  }

  /** `(a,b)`; an empty place between commas is the empty value. */
  #values(): string[] {
    const open = this.#next();
    if (open.text !== '(') throw unexpected(open, "'('");
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
    return this.#atEndOfRequirement() ? '' : this.#word();
  }

  #atEndOfRequirement(): boolean {
    const token = this.#peek();
    return token === End || token.text === ',';
  }

  #word(): string {
    const token = this.#next();
    if (token.kind !== 'word') throw unexpected(token, 'identifier');
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
  return new RangeError(`found '${found.text}', expected: ${expected}`);
}
