import type { ExplainedField, Explanation } from '@client-ts/openapi';

/** The values that kubectl lists of an enumeration. */
const MaxChoices = 4;

/** What `kubectl explain --recursive` prints, as far as it is of fields: without the descriptions, which are wrapped and indented. */
export function fieldLines({ fields }: Pick<Explanation, 'fields'>): string[] {
  return linesOf(fields, 1);
}

/** What it prints without `--recursive`, one word after the other: how it wraps and indents is its own. */
export function fieldWords({ fields }: Pick<Explanation, 'fields'>): string[] {
  const texts = fields.map(
    (field) => `${fieldLines({ fields: [field] }).join('\n')} ${field.description || '<no description>'}`,
  );
  return wordsOf(texts.join('\n'));
}

export function wordsOf(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}

function linesOf(fields: readonly ExplainedField[], level: number): string[] {
  const indent = '  '.repeat(level);
  return fields.flatMap((field) => [
    `${indent}${field.name}\t<${field.type}>${field.required ? ' -required-' : ''}`,
    ...(field.enum ? [`${indent}enum: ${choices(field.enum)}`] : []),
    ...linesOf(field.fields ?? [], level + 1),
  ]);
}

function choices(values: readonly unknown[]): string {
  const names = values.slice(0, MaxChoices).map((value) => (value === '' ? '""' : String(value)));
  return names.join(', ') + (values.length > MaxChoices ? ', ....' : '');
}
