/** Whether a code point belongs to a set. */
export type CharacterSet = (codePoint: number) => boolean;

export function range(from: number, to: number): CharacterSet {
  return (codePoint) => codePoint >= from && codePoint <= to;
}

export function union(sets: readonly CharacterSet[]): CharacterSet {
  return (codePoint) => sets.some((set) => set(codePoint));
}

export function negated(set: CharacterSet): CharacterSet {
  return (codePoint) => !set(codePoint);
}

/** The set, whatever the case of letters. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  return (codePoint) => {
    if (set(codePoint)) return true;
    const text = String.fromCodePoint(codePoint);
    return [text.toLowerCase(), text.toUpperCase()].some(
      (other) => other.length <= 2 && other !== text && set(other.codePointAt(0)!),
    );
  };
}

function chars(characters: string): CharacterSet {
  return (codePoint) => characters.includes(String.fromCodePoint(codePoint));
}

const digit = range(0x30, 0x39);
const lower = range(0x61, 0x7a);
const upper = range(0x41, 0x5a);
const letter = union([lower, upper]);
const alphanumeric = union([letter, digit]);

export const wordCharacter: CharacterSet = union([alphanumeric, chars('_')]);

/** `\d` and the like; ASCII only, as in RE2. */
export const PerlClasses: Readonly<Record<string, CharacterSet>> = {
  d: digit,
  s: chars('\t\n\f\r '),
  w: wordCharacter,
};

/** `[[:alpha:]]` and the like. */
export const PosixClasses: Readonly<Record<string, CharacterSet>> = {
  alnum: alphanumeric,
  alpha: letter,
  ascii: range(0, 0x7f),
  blank: chars('\t '),
  cntrl: union([range(0, 0x1f), range(0x7f, 0x7f)]),
  digit,
  graph: range(0x21, 0x7e),
  lower,
  print: range(0x20, 0x7e),
  punct: union([range(0x21, 0x2f), range(0x3a, 0x40), range(0x5b, 0x60), range(0x7b, 0x7e)]),
  space: chars('\t\n\v\f\r '),
  upper,
  word: wordCharacter,
  xdigit: union([digit, range(0x61, 0x66), range(0x41, 0x46)]),
};

/** `\pL`, `\p{Greek}`: categories and scripts of Unicode; `undefined` for a name that is neither. */
export function unicodeClass(name: string): CharacterSet | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined;
  for (const property of [name, `Script=${name}`]) {
    try {
      // One code point at a time: there is nothing to backtrack into.
      const pattern = new RegExp(`^\\p{${property}}$`, 'u');
      return (codePoint) => pattern.test(String.fromCodePoint(codePoint));
    } catch {
      continue; // not a property of this kind
    }
  }
  return undefined;
}
