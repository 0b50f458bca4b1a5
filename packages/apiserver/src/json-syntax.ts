/**
 * Says what is wrong with JSON text, in the words of Go's decoder, which clients of real servers see. `undefined` for
 * good JSON.
 *
 * Runs without recursion: the text is hostile.
 */
export function jsonProblem(text: string): string | undefined {
  /** `{` and `[` that are open. */
  const open: string[] = [];
  let state: State = 'value';
  let at = 0;
  const unexpected = (context: string): string =>
    at < text.length ? `invalid character ${quoted(text, at)} ${context}` : 'unexpected end of JSON input';

  for (;;) {
    at = skipSpace(text, at);
    const char = text[at];
    switch (state) {
      case 'value':
      case 'value or ]': {
        if (char === ']' && state === 'value or ]') {
          open.pop();
          at++;
          state = 'after value';
          break;
        }
        if (char === '{' || char === '[') {
          open.push(char);
          at++;
          state = char === '{' ? 'key or }' : 'value or ]';
          break;
        }
        const end = char === '"' ? stringEnd(text, at) : scalarEnd(text, at);
        if (typeof end === 'string') return end;
        if (end === at) return unexpected('looking for beginning of value');
        at = end;
        state = 'after value';
        break;
      }
      case 'key':
      case 'key or }': {
        if (char === '}' && state === 'key or }') {
          open.pop();
          at++;
          state = 'after value';
          break;
        }
        if (char !== '"') return unexpected('looking for beginning of object key string');
        const end = stringEnd(text, at);
        if (typeof end === 'string') return end;
        at = skipSpace(text, end);
        if (text[at] !== ':') return unexpected('after object key');
        at++;
        state = 'value';
        break;
      }
      case 'after value': {
        const inside = open.at(-1);
        if (inside === undefined) return char === undefined ? undefined : unexpected('after top-level value');
        const close = inside === '{' ? '}' : ']';
        if (char === close) open.pop();
        else if (char === ',') state = inside === '{' ? 'key' : 'value';
        else return unexpected(inside === '{' ? 'after object key:value pair' : 'after array element');
        at++;
        break;
      }
    }
  }
}

type State = 'value' | 'value or ]' | 'key' | 'key or }' | 'after value';

/** The first bracket that opens more than `maxDepth` levels deep; `undefined` when there is none. */
export function bracketBelow(text: string, maxDepth: number): string | undefined {
  if (text.length <= maxDepth) return undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = stringEnd(text, at);
      if (typeof end === 'string') return undefined;
      at = end - 1;
    } else if (char === '{' || char === '[') {
      if (++depth > maxDepth) return char;
    } else if (char === '}' || char === ']') depth--;
  }
  return undefined;
}

function skipSpace(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
  return at;
}

/** Where the string that starts at `start` ends, or what is wrong with it. */
function stringEnd(text: string, start: number): number | string {
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '"') return at + 1;
    if (char < ' ') return `invalid character ${quoted(text, at)} in string literal`;
    if (char !== '\\') continue;
    at++;
    if (text[at] === 'u') {
      for (let digit = 1; digit <= 4; digit++) {
        if (at + digit >= text.length) return 'unexpected end of JSON input';
        if (!/[0-9a-fA-F]/.test(text[at + digit] as string)) {
          return `invalid character ${quoted(text, at + digit)} in \\u hexadecimal character escape`;
        }
      }
      at += 4;
    } else if (at < text.length && !'"\\/bfnrt'.includes(text[at] as string)) {
      return `invalid character ${quoted(text, at)} in string escape code`;
    }
  }
  return 'unexpected end of JSON input';
}

const Literals = ['true', 'false', 'null'];

/** Where the number or literal that starts at `start` ends, `start` when there is none, or what is wrong with it. */
function scalarEnd(text: string, start: number): number | string {
  const literal = Literals.find((candidate) => candidate[0] === text[start]);
  if (literal !== undefined) {
    for (let i = 1; i < literal.length; i++) {
      if (start + i >= text.length) return 'unexpected end of JSON input';
      if (text[start + i] !== literal[i]) {
        return `invalid character ${quoted(text, start + i)} in literal ${literal} (expecting ${quoted(literal, i)})`;
      }
    }
    return start + literal.length;
  }
  const number = /-?(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?/y;
  number.lastIndex = start;
  const found = number.exec(text)?.[0] ?? '';
  if (found === '' || /^[.eE]/.test(found)) return start;
  const end = start + found.length;
  if (/[0-9]$/.test(found)) return end;
  if (end >= text.length) return 'unexpected end of JSON input';
  const context = found.endsWith('.')
    ? 'after decimal point in numeric literal'
    : found.endsWith('-') && found.length === 1
      ? 'in numeric literal'
      : 'in exponent of numeric literal';
  return `invalid character ${quoted(text, end)} ${context}`;
}

/** A character as Go quotes it in these messages. */
function quoted(text: string, at: number): string {
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (char === "'") return "'\\''";
  if (char === '"') return "'\"'";
  if (char === '\\') return "'\\\\'";
  return `'${JSON.stringify(char).slice(1, -1)}'`;
}
