/**
 * What went wrong:
 *
 * - `syntax`: the template cannot be read, or has a word or an operator that does not exist, which shows only when it is reached
 * - `missing-key`: no value has the key
 * - `index`: an index or a slice that the list does not have
 * - `type`: a list was expected, or two values that can be compared
 * - `limit`: more work, text or nesting than is allowed
 */
export type JsonPathErrorKind = 'syntax' | 'missing-key' | 'index' | 'type' | 'limit';

/**
 * A template that cannot be read, or that an object does not go with. The message names the place in the template and what was
 * expected there; of the object it has types, indices and lengths, never a value.
 */
export class JsonPathError extends Error {
  override readonly name = 'JsonPathError';
  readonly kind: JsonPathErrorKind;
  /** The problem in client-go's words, without the place; what it quotes of the template is shortened and escaped. */
  readonly reason: string;
  /** Where in the template, in UTF-16 code units from 0. Undefined for text that is too long or too deep: no one place makes it so. */
  readonly position: number | undefined;

  constructor(kind: JsonPathErrorKind, reason: string, position?: number, expected?: string) {
    const place = position === undefined ? '' : `, at position ${position}`;
    super(`${reason}${place}${expected === undefined ? '' : `: expected ${expected}`}`);
    this.kind = kind;
    this.reason = reason;
    this.position = position;
  }
}

/** Whether `err` is a `JsonPathError` of this or another copy of the package. */
export function isJsonPathError(err: unknown): err is JsonPathError {
  return err instanceof Error && err.name === 'JsonPathError';
}

/** Enough to recognise a place by. */
const QuotedLength = 100;

/** Text of a template for a message: templates may be long, and may hold what moves the cursor of a terminal. */
export function quoted(text: string): string {
  const short = text.length > QuotedLength ? `${text.slice(0, QuotedLength)}…` : text;
  return short.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${character.codePointAt(0)?.toString(16)}}`;
  });
}
