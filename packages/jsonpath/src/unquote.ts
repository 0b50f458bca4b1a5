const simple: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  '\\': 0x5c,
};

/** Digits that follow `\x`, `\u`, `\U`. */
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** An escape after its backslash: one that is named, hexadecimal or octal. */
const Escape = /[abfnrtv\\'"]|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{3}/y;

/**
 * The text of a Go string literal with the quotes that it is in, `'` or `"`: both may be of any length, and only the quote around
 * it may be escaped. `\xff` and `\377` are bytes, which make characters if together they are UTF-8, and U+FFFD if not.
 * Undefined if it is no such literal.
 */
export function unquote(literal: string): string | undefined {
  const quote = literal[0];
  const body = literal.slice(1, -1);
  if (literal.length < 2 || quote !== literal.at(-1)) return undefined;
  if (!body.includes('\\')) return body.includes(quote ?? '') ? undefined : body;

  const encoder = new TextEncoder();
  const bytes: number[] = [];
  let from = 0;
  while (from < body.length) {
    const backslash = body.indexOf('\\', from);
    const text = body.slice(from, backslash < 0 ? undefined : backslash);
    if (text.includes(quote ?? '')) return undefined;
    for (const byte of encoder.encode(text)) bytes.push(byte);
    if (backslash < 0) break;
    Escape.lastIndex = backslash + 1;
    const escape = Escape.exec(body)?.[0];
    if (escape === undefined) return undefined;
    const encoded = bytesOf(escape, quote);
    if (encoded === undefined) return undefined;
    bytes.push(...encoded);
    from = backslash + 1 + escape.length;
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

function bytesOf(escape: string, quote: string | undefined): Iterable<number> | undefined {
  const letter = escape.charAt(0);
  if (letter === '"' || letter === "'") return letter === quote ? [letter.charCodeAt(0)] : undefined;
  if (letter >= '0' && letter <= '7') {
    const byte = Number.parseInt(escape, 8);
    return byte > 0xff ? undefined : [byte];
  }
  const digits = hexDigits[letter];
  if (digits === undefined) return [simple[letter] ?? 0];
  const code = Number.parseInt(escape.slice(1), 16);
  if (letter === 'x') return [code];
  if (code > 0x10_ff_ff || (code >= 0xd8_00 && code <= 0xdf_ff)) return undefined;
  return new TextEncoder().encode(String.fromCodePoint(code));
}
