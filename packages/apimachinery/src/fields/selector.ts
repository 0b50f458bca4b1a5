/** One term of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** Chooses objects by the few fields that the server has indexed for their kind. */
export interface FieldSelector {
  readonly requirements: readonly FieldRequirement[];
  /** `get` gives the value of a field; a field that is missing counts as empty. */
  matches(get: (field: string) => string | undefined): boolean;
  toString(): string;
}

/** A field selector of requirements that must all be met; none matches everything. */
export function newFieldSelector(requirements: readonly FieldRequirement[]): FieldSelector {
  return {
    requirements,
    matches: (get) =>
      requirements.every(({ field, operator, value }) => ((get(field) ?? '') === value) === (operator === '=')),
    toString: () =>
      requirements.map(({ field, operator, value }) => `${field}${operator}${escapeFieldValue(value)}`).join(','),
  };
}

/**
 * Parses a field selector such as `metadata.name=web,status.phase!=Running`. In values, `,`, `=` and `\` are escaped
 * with `\`. White space counts. The empty text matches everything.
 *
 * Requirements are sorted by their text, as client-go does.
 *
 * @throws RangeError that names the term or the character.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).toSorted()) {
    const [, field, operator, escaped] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
    if (field === undefined || escaped === undefined) {
      throw new RangeError(`invalid selector: '${text}'; can't understand '${term}'`);
    }
    const value = unescapeFieldValue(escaped);
    if (field === '' && value === '') continue;
    requirements.push({ field, operator: operator === '!=' ? '!=' : '=', value });
  }
  return newFieldSelector(requirements);
}

/** Escapes a value so that it can stand in a field selector. */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, '\\$&');
}

/** What stands between commas that are not escaped; nothing between two of them is no term. */
function splitTerms(text: string): string[] {
  return text.match(/(?:\\[^]?|[^\\,])+/g) ?? [];
}

function unescapeFieldValue(value: string): string {
  return value.replaceAll(/\\([^]?)|[,=]/gu, (found: string, escaped: string | undefined) => {
    if (escaped === undefined) throw new RangeError(`invalid field selector: unescaped character in value: '${found}'`);
    if (escaped === '' || !'\\,='.includes(escaped)) {
      throw new RangeError(`invalid field selector: invalid escape sequence: ${found}`);
    }
    return escaped;
  });
}
