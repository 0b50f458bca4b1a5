import {
  type CharacterSet,
  ignoringCase,
  negated,
  PerlClasses,
  PosixClasses,
  range,
  unicodeClass,
  union,
} from './character-sets.js';

/** Places between characters. `line` ones hold at line breaks, too. */
export type Assertion = 'begin' | 'end' | 'line-begin' | 'line-end' | 'word-boundary' | 'no-word-boundary';

/** A regular expression taken apart. */
export type PatternNode =
  | { readonly type: 'set'; readonly set: CharacterSet }
  | { readonly type: 'assertion'; readonly assertion: Assertion }
  | { readonly type: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'choice'; readonly nodes: readonly PatternNode[] }
  | { readonly type: 'repeat'; readonly node: PatternNode; readonly min: number; readonly max: number };

/** A pattern that RE2, the dialect of CRDs, does not know. */
export class PatternSyntaxError extends Error {
  override readonly name = 'PatternSyntaxError';
}

/** As in RE2. */
const MaxRepeat = 1000;
const MaxDepth = 1000;

const Escapes: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/**
 * Takes a pattern in RE2's syntax apart: what Go's `regexp` reads. There are no back references and no looking around, so
 * that matching never has to go back.
 *
 * @throws PatternSyntaxError
 * @see https://github.com/google/re2/wiki/Syntax
 */
export function parsePattern(text: string): PatternNode {
  const parser = new PatternParser(text);
  return parser.pattern();
}

class PatternParser {
  readonly #text: string;
  #position = 0;
  #depth = 0;
  #flags: Flags = { ignoreCase: false, multiline: false, dotAll: false };

  constructor(text: string) {
    this.#text = text;
  }

  pattern(): PatternNode {
    const node = this.#choice();
    if (this.#position < this.#text.length) throw this.#error('unexpected )');
    return node;
  }

  #choice(): PatternNode {
    if (++this.#depth > MaxDepth) throw this.#error('expression nests too deeply');
    const flags = this.#flags;
    const nodes = [this.#sequence()];
    while (this.#take('|')) nodes.push(this.#sequence());
    // Flags that are set in a group end with it.
    this.#flags = flags;
    this.#depth--;
    return nodes.length === 1 ? nodes[0]! : { type: 'choice', nodes };
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = [];
    while (this.#position < this.#text.length && !this.#sees('|') && !this.#sees(')')) {
      const literal = this.#quoted();
      if (literal) nodes.push(...literal);
      else nodes.push(this.#repeated());
    }
    return { type: 'sequence', nodes };
  }

  /** `\Q…\E` */
  #quoted(): PatternNode[] | undefined {
    if (!this.#take('\\Q')) return undefined;
    const end = this.#text.indexOf('\\E', this.#position);
    const literal = this.#text.slice(this.#position, end < 0 ? undefined : end);
    this.#position += literal.length + (end < 0 ? 0 : 2);
    return Array.from(literal, (char) => this.#character(char.codePointAt(0)!));
  }

  #repeated(): PatternNode {
    let node = this.#atom();
    for (let bounds = this.#bounds(); bounds; bounds = this.#bounds()) {
      // Whether as few or as many as possible makes no difference to whether there is a match.
      this.#take('?');
      node = { type: 'repeat', node, ...bounds };
    }
    return node;
  }

  #bounds(): { readonly min: number; readonly max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    const counted = this.#match(/\{(\d+)(,(\d*))?\}/y);
    if (!counted) return undefined;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === '' ? Infinity : Number(counted[3]);
    if (min > MaxRepeat || (max !== Infinity && max > MaxRepeat) || max < min) {
      throw this.#error(`invalid repeat count ${counted[0]}`);
    }
    return { min, max };
  }

  #atom(): PatternNode {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return { type: 'set', set: this.#withCase(this.#bracket()) };
    if (this.#take('.')) {
      const newline = range(10, 10);
      return { type: 'set', set: this.#flags.dotAll ? () => true : negated(newline) };
    }
    if (this.#take('^')) return { type: 'assertion', assertion: this.#flags.multiline ? 'line-begin' : 'begin' };
    if (this.#take('$')) return { type: 'assertion', assertion: this.#flags.multiline ? 'line-end' : 'end' };
    if (this.#sees('\\')) return this.#escape();
    if (this.#match(/[*+?]/y)) throw this.#error('missing argument to repetition operator');
    return this.#character(this.#next());
  }

  #group(): PatternNode {
    if (this.#take('?')) {
      const flags = this.#match(/([imsU]*)(?:-([imsU]+))?([:)])/y);
      if (flags) {
        const [, on = '', off = '', end] = flags;
        const outer = this.#flags;
        this.#flags = withFlags(withFlags(outer, on, true), off, false);
        if (end === ')') return { type: 'sequence', nodes: [] };
        const node = this.#rest();
        this.#flags = outer;
        return node;
      }
      if (!this.#match(/P?<[A-Za-z_][A-Za-z0-9_]*>/y)) throw this.#error('invalid or unsupported Perl syntax');
    }
    return this.#rest();
  }

  #rest(): PatternNode {
    const node = this.#choice();
    if (!this.#take(')')) throw this.#error('missing closing )');
    return node;
  }

  #escape(): PatternNode {
    switch (this.#match(/\\([AzbB])/y)?.[1]) {
      case 'A':
        return { type: 'assertion', assertion: 'begin' };
      case 'z':
        return { type: 'assertion', assertion: 'end' };
      case 'b':
        return { type: 'assertion', assertion: 'word-boundary' };
      case 'B':
        return { type: 'assertion', assertion: 'no-word-boundary' };
      default:
    }
    const set = this.#class();
    return set ? { type: 'set', set: this.#withCase(set) } : this.#character(this.#escaped());
  }

  /** `\d`, `\W`, `\pL`, `\P{Greek}` */
  #class(): CharacterSet | undefined {
    const perl = this.#match(/\\([dswDSW])/y)?.[1];
    if (perl !== undefined) {
      const set = PerlClasses[perl.toLowerCase()]!;
      return perl === perl.toLowerCase() ? set : negated(set);
    }
    const unicode = this.#match(/\\([pP])(?:([A-Z])|\{(\^?)([A-Za-z_]+)\})/y);
    if (!unicode) return undefined;
    const [, kind, letter, caret, name] = unicode;
    const set = unicodeClass(letter ?? name ?? '');
    if (!set) throw this.#error(`invalid character class range: ${unicode[0]}`);
    return (kind === 'P') === (caret === '^') ? set : negated(set);
  }

  /** One character behind a backslash. */
  #escaped(): number {
    const hex = this.#match(/\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/y);
    if (hex) return Number.parseInt(hex[1] ?? hex[2]!, 16);
    const octal = this.#match(/\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
    if (octal) return Number.parseInt(octal[1]!, 8);
    const named = this.#match(/\\([afnrtv])/y)?.[1];
    if (named !== undefined) return Escapes[named]!;
    const punctuation = this.#match(/\\([^A-Za-z0-9])/uy)?.[1];
    if (punctuation === undefined) throw this.#error('invalid escape sequence');
    return punctuation.codePointAt(0)!;
  }

  #bracket(): CharacterSet {
    const inverted = this.#take('^');
    const sets: CharacterSet[] = [];
    while (sets.length === 0 || !this.#take(']')) {
      if (this.#position >= this.#text.length) throw this.#error('missing closing ]');
      sets.push(this.#bracketPart());
    }
    return inverted ? negated(union(sets)) : union(sets);
  }

  #bracketPart(): CharacterSet {
    const posix = this.#match(/\[:(\^?)([a-z]+):\]/y);
    if (posix) {
      const set = Object.hasOwn(PosixClasses, posix[2]!) ? PosixClasses[posix[2]!]! : undefined;
      if (!set) throw this.#error(`invalid character class range: ${posix[0]}`);
      return posix[1] === '^' ? negated(set) : set;
    }
    const set = this.#class();
    if (set) return set;
    const from = this.#bracketCharacter();
    if (!this.#match(/-(?!\])/y)) return range(from, from);
    const to = this.#bracketCharacter();
    if (to < from) throw this.#error('invalid character class range');
    return range(from, to);
  }

  #bracketCharacter(): number {
    return this.#sees('\\') ? this.#escaped() : this.#next();
  }

  #character(codePoint: number): PatternNode {
    return { type: 'set', set: this.#withCase(range(codePoint, codePoint)) };
  }

  #withCase(set: CharacterSet): CharacterSet {
    return this.#flags.ignoreCase ? ignoringCase(set) : set;
  }

  #next(): number {
    const codePoint = this.#text.codePointAt(this.#position);
    if (codePoint === undefined) throw this.#error('unexpected end of expression');
    this.#position += codePoint > 0xffff ? 2 : 1;
    return codePoint;
  }

  #sees(text: string): boolean {
    return this.#text.startsWith(text, this.#position);
  }

  #take(text: string): boolean {
    if (!this.#sees(text)) return false;
    this.#position += text.length;
    return true;
  }

  /** @param pattern - sticky. */
  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (!match) return undefined;
    this.#position += match[0].length;
    return match;
  }

  #error(problem: string): PatternSyntaxError {
    return new PatternSyntaxError(`error parsing regexp: ${problem}: \`${this.#text.slice(0, 200)}\``);
  }
}

function withFlags(flags: Flags, letters: string, value: boolean): Flags {
  return {
    ignoreCase: letters.includes('i') ? value : flags.ignoreCase,
    multiline: letters.includes('m') ? value : flags.multiline,
    dotAll: letters.includes('s') ? value : flags.dotAll,
  };
}
