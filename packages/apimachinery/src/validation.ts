/**
 * Rules for names, labels and the like. Each returns what is wrong, in the words of the API server; an empty list means
 * valid.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
type Rule = (value: string) => string[];

const DNS1123LabelPattern = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123SubdomainPattern = `${DNS1123LabelPattern}(\\.${DNS1123LabelPattern})*`;
const DNS1035LabelPattern = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QualifiedNamePattern = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LabelValuePattern = `(${QualifiedNamePattern})?`;

function mustMatch(value: string, pattern: string, message: string, ...examples: string[]): string[] {
  if (new RegExp(`^(?:${pattern})$`).test(value)) return [];
  const quoted = examples.map((example) => `'${example}', `).join(' or ');
  return [`${message} (e.g. ${quoted}regex used for validation is '${pattern}')`];
}

function atMost(value: string, length: number): string[] {
  return value.length > length ? [`must be no more than ${length} bytes`] : [];
}

/** A DNS label (RFC 1123): what most names inside objects have to be. At most 63 characters. */
export const isDNS1123Label: Rule = (value) => [
  ...atMost(value, 63),
  ...mustMatch(
    value,
    DNS1123LabelPattern,
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    'my-name',
    '123-abc',
  ),
];

/** A DNS subdomain (RFC 1123): what most object names have to be. At most 253 characters. */
export const isDNS1123Subdomain: Rule = (value) => [
  ...atMost(value, 253),
  ...mustMatch(
    value,
    DNS1123SubdomainPattern,
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    'example.com',
  ),
];

/** A DNS label (RFC 1035): starts with a letter; what service names have to be. */
export const isDNS1035Label: Rule = (value) => [
  ...atMost(value, 63),
  ...mustMatch(
    value,
    DNS1035LabelPattern,
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
    'my-name',
    'abc-123',
  ),
];

/** `name` or `prefix/name`: what label and annotation keys have to be. */
export const isQualifiedName: Rule = (value) => {
  const parts = value.split('/');
  const [prefix, name] = parts.length === 2 ? parts : [undefined, parts[0]];
  if (parts.length > 2) {
    return mustMatch(
      value,
      QualifiedNamePattern,
      "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
      'MyName',
      'my.name',
      '123-abc',
    ).map((problem) => `${problem} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`);
  }
  const problems: string[] = [];
  if (prefix === '') problems.push('prefix part must be non-empty');
  else if (prefix !== undefined)
    problems.push(...isDNS1123Subdomain(prefix).map((problem) => `prefix part ${problem}`));
  if (name === undefined || name === '') problems.push('name part must be non-empty');
  else problems.push(...atMost(name, 63).map((problem) => `name part ${problem}`));
  const pattern = mustMatch(
    name ?? '',
    QualifiedNamePattern,
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    'MyName',
    'my.name',
    '123-abc',
  );
  return [...problems, ...pattern];
};

/** What label values have to be: empty, or at most 63 characters. */
export const isValidLabelValue: Rule = (value) => [
  ...atMost(value, 63),
  ...mustMatch(
    value,
    LabelValuePattern,
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    'MyValue',
    'my_value',
    '12345',
  ),
];
