/** Where lines are folded. */
const BestWidth = 80;

/**
 * YAML as `kubectl -o yaml` writes it: keys sorted, lists not indented, long lines folded. `@client-ts/serializer/yaml` writes it
 * for everybody else, with less that readers could disagree about.
 */
export function goYaml(value: unknown): string {
  return `${block(value, 0).replace(/^\s+/, '')}\n`;
}

/** A value behind `key:` or `-`, with what separates it. */
function block(value: unknown, indent: number): string {
  const pad = `\n${' '.repeat(indent)}`;
  if (Array.isArray(value)) {
    if (value.length === 0) return ' []';
    return value.map((item) => `${pad}-${inItem(item, indent + 2)}`).join('');
  }
  if (typeof value !== 'object' || value === null) return ` ${scalar(value, indent, indent)}`;
  const keys = Object.keys(value)
    .filter((key) => (value as Record<string, unknown>)[key] !== undefined)
    .toSorted(naturally);
  if (keys.length === 0) return ' {}';
  return keys.map((key) => pad + member(scalar(key, 0), (value as Record<string, unknown>)[key], indent)).join('');
}

function member(key: string, value: unknown, indent: number): string {
  if (typeof value === 'object' && value !== null)
    return `${key}:${block(value, Array.isArray(value) ? indent : indent + 2)}`;
  return `${key}: ${scalar(value, indent + 2, indent + key.length + 2)}`;
}

/** What is in a list begins behind its dash. */
function inItem(value: unknown, indent: number): string {
  return block(value, indent).replace(/^\n */, ' ');
}

/** @param column - where it begins; without one it is a key, which has one line. */
function scalar(value: unknown, indent: number, column = -Infinity): string {
  if (typeof value === 'number') return number(value);
  if (typeof value !== 'string') return String(value);
  const isKey = column === -Infinity;
  if (value.includes('\n') && !isKey && !/ $| \n/.test(value) && !NotPrintable.test(value))
    return literal(value, indent);
  if (NotPrintable.test(value) || value.includes('\n') || !isText(value)) {
    return `"${folded(Array.from(value, escapedInDouble), indent, column + 1, '\\')}"`;
  }
  if (NotPlain.test(value)) return `'${folded(Array.from(value.replaceAll("'", "''")), indent, column + 1)}'`;
  return folded(Array.from(value), indent, column);
}

/** With an exponent where Go has one. */
function number(value: number): string {
  const isFar = !Number.isInteger(value) && (Math.abs(value) >= 1e6 || Math.abs(value) < 1e-4);
  return (isFar ? value.toExponential() : String(value)).replace(/e([-+])(\d)$/, 'e$10$2');
}

function literal(value: string, indent: number): string {
  const hint = /^[ \n]/.test(value) ? '2' : '';
  const chomp = value.endsWith('\n') ? (value === '\n' || value.endsWith('\n\n') ? '+' : '') : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  return `|${hint}${chomp}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}

/** A space beyond the width becomes the end of a line; `escape` stands before a space that would begin the next one. */
function folded(characters: readonly string[], indent: number, column: number, escape?: string): string {
  let text = '';
  let wasSpace = false;
  for (const [i, character] of characters.entries()) {
    const next = characters[i + 1];
    const mayEnd = character === ' ' && !wasSpace && column > BestWidth && i > 0 && next !== undefined;
    if (mayEnd && (next !== ' ' || escape !== undefined)) {
      text += `\n${' '.repeat(indent)}${next === ' ' ? escape : ''}`;
      column = indent;
    } else {
      text += character;
      column += character.length;
    }
    wasSpace = character === ' ';
  }
  return text;
}

/** Everything but what all readers show as it is. */
const NotPrintable = /[^\n -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
/** What means something at its place, if it is not quoted. */
const NotPlain = /^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[?:-](?:[ \t]|$)|:(?:[ \t]|$)|[ \t]#|^ | $/;

/** What readers of YAML 1.1 take for something else than a string: null, booleans, infinities, times, minutes, numbers. */
const NoText: readonly RegExp[] = [
  /^(?:|~|null|Null|NULL|y|Y|n|N)$/,
  /^(?:yes|no|on|off|true|false|Yes|No|On|Off|True|False|YES|NO|ON|OFF|TRUE|FALSE)$/,
  /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt]\d\d?:\d\d?:\d\d?(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)| \d\d?:\d\d?:\d\d?(?:\.\d+)?)?$/,
  /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/,
  /^[-+]?0_*(?:[xX][\d_a-fA-F]+|[oO][0-7_]+|[bB][01_]+)$/,
  /^[-+]?(?:\d[\d_]*(?:\.[\d_]*)?|\._*\d[\d_]*)(?:[eE][-+]?[\d_]+)?$/,
];

/** Whether it is a string without quotes, too. */
function isText(value: string): boolean {
  return !NoText.some((pattern) => pattern.test(value));
}

/** Characters, and below each the one that stands for it behind a backslash. */
const Escaped = '"\\\0\u0007\b\t\n\v\f\r\u001b\u0085\u00a0\u2028\u2029';
const EscapedAs = '"\\0abtnvfreN_LP';

function escapedInDouble(character: string): string {
  if (!NotPrintable.test(character) && !/["\\\n]/.test(character)) return character;
  const known = Escaped.indexOf(character);
  if (known >= 0) return `\\${EscapedAs[known]}`;
  const code = character.codePointAt(0)!;
  const [letter, length] = code <= 0xff ? ['x', 2] : code <= 0xffff ? ['u', 4] : ['U', 8];
  return `\\${letter}${code.toString(16).toUpperCase().padStart(length, '0')}`;
}

/** Numbers in names by their value, letters after everything else. */
function naturally(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (const [i, one] of left.entries()) {
    const other = right[i];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isLetter, isOtherLetter] = [/\p{L}/u.test(one), /\p{L}/u.test(other)];
    if (isLetter !== isOtherLetter) return isLetter ? 1 : -1;
    if (!isLetter) {
      const [number, otherNumber] = [left, right].map((text) => /^\d*/.exec(text.slice(i).join(''))![0]) as [
        string,
        string,
      ];
      const difference = Number(number) - Number(otherNumber) || number.length - otherNumber.length;
      if (difference !== 0) return difference;
    }
    return one < other ? -1 : 1;
  }
  return left.length - right.length;
}
