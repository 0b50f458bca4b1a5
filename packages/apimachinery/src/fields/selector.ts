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
 * with `\`.
 *
 * @throws RangeError that names the term.
 */
export function parseFieldSelector(text: string): FieldSelector {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text)) {
    if (term === '') continue;
    const match = /^([^=!\\]*)(!=|==|=)(.*)$/s.exec(term);
    if (!match) {
      throw new RangeError(`invalid selector: ${JSON.stringify(text)}; can't understand ${JSON.stringify(term)}`);
    }
    const [, field = '', operator, value = ''] = match;
    requirements.push({ field, operator: operator === '!=' ? '!=' : '=', value: unescapeFieldValue(value) });
  }
  return newFieldSelector(requirements);
}

/** Escapes a value so that it can stand in a field selector. */
export function escapeFieldValue(value: string): string {
  return value.replaceAll(/[\\,=]/g, '\\$&');
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

function unescapeFieldValue(value: string): string {
  let result = '';
  for (let i = 0; i < value.length; i++) {
    const character = value[i] ?? '';
    if (character === ',' || character === '=') {
      throw new RangeError(`invalid field selector: unescaped character in value: ${JSON.stringify(character)}`);
    }
    if (character !== '\\') {
      result += character;
      continue;
    }
    const escaped = value[++i];
    if (escaped !== '\\' && escaped !== ',' && escaped !== '=') {
      throw new RangeError(`invalid field selector: invalid escape sequence: ${JSON.stringify(`\\${escaped ?? ''}`)}`);
    }
    result += escaped;
  }
  return result;
}
