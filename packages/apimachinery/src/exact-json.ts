/*
 * JSON whose integers keep all of their digits. JavaScript's own parser rounds what is beyond 2^53, which an update would then
 * write back.
 */

/**
 * Looks for what may be such an integer. Sixteen times the same, because repeated in any other way it costs seven times as much:
 * so it is a fiftieth of the time of parsing.
 */
const ManyDigits = /\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d\d/;

/** Strings, with the colon that makes them keys; and numbers. Of what is JSON it finds all, in linear time. */
const Tokens = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** While integers are written as strings, these are what such strings begin with, and what strings do that might be taken for one. */
const IntegerMark = 'N';
const StringMark = 'S';

/**
 * What `JSON.parse` gives, but for integers that a `number` cannot hold and 64 bits can: these are a `bigint`. What is larger
 * still is rounded, as API servers do with it.
 *
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!ManyDigits.test(text)) return value;
  let found = false;
  const marked = text.replace(Tokens, (token: string, colon: string | undefined) => {
    if (colon !== undefined) return token;
    if (token.startsWith('"')) return /^"[NS\\]/.test(token) ? `"${StringMark}${token.slice(1)}` : token;
    if (!isLongInteger(token)) return token;
    found = true;
    return `"${IntegerMark}${token}"`;
  });
  if (!found) return value;
  return JSON.parse(marked, (_, member: unknown) => {
    if (typeof member !== 'string') return member;
    if (member.startsWith(IntegerMark)) return BigInt(member.slice(1));
    return member.startsWith(StringMark) ? member.slice(1) : member;
  });
}

/** What `JSON.stringify` gives of an object, with a `bigint` written as an integer. */
export function stringifyJson(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    // It has such an integer, or will be refused again.
  }
  const marked = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === 'bigint') return `${IntegerMark}${member}`;
    return typeof member === 'string' && /^[NS]/.test(member) ? `${StringMark}${member}` : member;
  });
  return marked.replace(Tokens, (token: string, colon: string | undefined) => {
    if (colon !== undefined) return token;
    if (token.startsWith(`"${IntegerMark}`)) return token.slice(2, -1);
    return token.startsWith(`"${StringMark}`) ? `"${token.slice(2)}` : token;
  });
}

/** Whether 64 bits are needed, and enough. */
function isLongInteger(token: string): boolean {
  if (!/^-?\d{16,19}$/.test(token) || Number.isSafeInteger(Number(token))) return false;
  const integer = BigInt(token);
  return BigInt.asIntN(64, integer) === integer;
}
