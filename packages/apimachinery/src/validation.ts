/**
 * Rules for names, labels and the like. Each returns what is wrong, in the words of the API server; an empty list means
 * valid.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export type ValidationRule = (value: string) => string[];

/** What a text has to look like. The pattern stands in the messages as it is here. */
interface Format {
  readonly pattern: string;
  readonly meaning: string;
  readonly examples: readonly string[];
}

const LabelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const KeyPattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const KeyCharacters =
  "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const Dns1123Label: Format = {
  pattern: LabelPattern,
  meaning:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ['my-name', '123-abc'],
};

const Dns1123Subdomain: Format = {
  pattern: `${LabelPattern}(\\.${LabelPattern})*`,
  meaning:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ['example.com'],
};

const Dns1035Label: Format = {
  pattern: '[a-z]([-a-z0-9]*[a-z0-9])?',
  meaning:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ['my-name', 'abc-123'],
};

const KeyName: Format = {
  pattern: KeyPattern,
  meaning: `must ${KeyCharacters}`,
  examples: ['MyName', 'my.name', '123-abc'],
};

const LabelValue: Format = {
  pattern: `(${KeyPattern})?`,
  meaning: `a valid label must be an empty string or ${KeyCharacters}`,
  examples: ['MyValue', 'my_value', '12345'],
};

/** A DNS label (RFC 1123): what most names inside objects have to be. At most 63 characters. */
export const isDNS1123Label: ValidationRule = (value) => {
  const hasDots = !matches(Dns1123Label, value) && matches(Dns1123Subdomain, value);
  return [
    ...tooLong(value, 63, 'characters'),
    ...(hasDots ? ['must not contain dots'] : mismatch(Dns1123Label, value)),
  ];
};

/** A DNS subdomain (RFC 1123): what most object names have to be. At most 253 characters. */
export const isDNS1123Subdomain: ValidationRule = (value) => [
  ...tooLong(value, 253, 'characters'),
  ...mismatch(Dns1123Subdomain, value),
];

/** A DNS label (RFC 1035): starts with a letter; what service names have to be. At most 63 characters. */
export const isDNS1035Label: ValidationRule = (value) => [
  ...tooLong(value, 63, 'characters'),
  ...mismatch(Dns1035Label, value),
];

/** `name` or `prefix/name`: what label and annotation keys have to be. The name has at most 63 bytes. */
export const isQualifiedName: ValidationRule = (value) => {
  const parts = value.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${explain(KeyName)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const name = parts.pop() ?? '';
  return [
    ...parts.flatMap(prefixProblems).map((problem) => `prefix part ${problem}`),
    ...nameProblems(name).map((problem) => `name part ${problem}`),
  ];
};

/** What label values have to be: empty, or at most 63 bytes. */
export const isValidLabelValue: ValidationRule = (value) => [
  ...tooLong(value, 63, 'bytes'),
  ...mismatch(LabelValue, value),
];

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['must be non-empty'];
  return [...tooLong(prefix, 253, 'bytes'), ...mismatch(Dns1123Subdomain, prefix)];
}

function nameProblems(name: string): string[] {
  return [...(name === '' ? ['must be non-empty'] : tooLong(name, 63, 'bytes')), ...mismatch(KeyName, name)];
}

/** Counts bytes, whatever the server's message calls them. */
function tooLong(value: string, max: number, unit: 'bytes' | 'characters'): string[] {
  return new TextEncoder().encode(value).length > max ? [`must be no more than ${max} ${unit}`] : [];
}

function mismatch(format: Format, value: string): string[] {
  return matches(format, value) ? [] : [explain(format)];
}

function matches({ pattern }: Format, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`).test(value);
}

function explain({ pattern, meaning, examples }: Format): string {
  const quoted = examples.map((example) => `'${example}', `).join(' or ');
  return `${meaning} (e.g. ${quoted}regex used for validation is '${pattern}')`;
}
