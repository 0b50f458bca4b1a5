/**
 * The only ways in which text from a schema gets into generated source. Everything that comes from a schema is hostile: a
 * CustomResourceDefinition is written by anybody, and whoever generates from it runs the result.
 *
 * Names are either plain ASCII identifiers, or refused. Values are written as ASCII literals. In comments nothing can end
 * the comment, be a tag, or change the direction of text.
 */

/** Text from a schema that cannot be part of generated source. */
export class SourceTextError extends Error {
  override readonly name = 'SourceTextError';
}

const Identifier = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Words that cannot name a type or a constant in a strict module, and globals that generated source relies on. */
const Reserved: ReadonlySet<string> = new Set(
  (
    'any arguments as async await bigint boolean break case catch class const constructor continue debugger default ' +
    'delete do else enum eval export extends false finally for function if implements import in infer instanceof ' +
    'interface intrinsic is keyof let never new null number object of package private protected public readonly require ' +
    'return static string super switch symbol this throw true try type typeof undefined unique unknown var void while ' +
    'with yield Omit Pick Promise Record __proto__'
  ).split(' '),
);

/** The name of a declaration. @throws SourceTextError unless it is an identifier that may be declared. */
export function identifier(name: string): string {
  if (!Identifier.test(name) || Reserved.has(name)) {
    throw new SourceTextError(`${JSON.stringify(name)} cannot name a declaration`);
  }
  return name;
}

/** A part of a module's path. @throws SourceTextError unless it is a DNS label, as groups and versions consist of. */
export function pathSegment(text: string): string {
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(text)) {
    throw new SourceTextError(`${JSON.stringify(text)} cannot be part of a path: expected a DNS label`);
  }
  return text;
}

/** A string literal in single quotes. */
export function stringLiteral(text: string): string {
  return `'${ascii(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'"))}'`;
}

/** The key of a property in a type or an object literal, where `__proto__` is a property like any other. */
export function propertyKey(name: string): string {
  if (name === '__proto__') return `['__proto__']`;
  return Identifier.test(name) ? name : stringLiteral(name);
}

/** JSON as an expression. */
export function jsonLiteral(value: unknown): string {
  if (typeof value === 'string') return stringLiteral(value);
  if (typeof value === 'bigint') return String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(', ')}]`;
  const fields = Object.entries(value).map(([key, field]) => `${propertyKey(key)}: ${jsonLiteral(field)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

/** Text as code inside a comment. */
export function commentCode(text: string): string {
  return `\`${ascii(text.replaceAll(/[`\\\n\r]/g, ' ')).replaceAll('*/', '*\\/')}\``;
}

/** Longer than any description that somebody reads in a tooltip. */
const MaxProse = 2000;
const Typography: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '\u2018': "'",
    '\u2019': "'",
    '\u201c': '"',
    '\u201d': '"',
    '\u2013': '-',
    '\u2014': '-',
    '\u2026': '...',
  }),
);

/** Prose for a comment, by lines, none of which is a tag to tools; nothing in them ends the comment. */
export function commentProse(text: string): string[] {
  const shortened = text.length > MaxProse ? `${text.slice(0, MaxProse)}...` : text;
  return shortened
    .replaceAll('\t', ' ')
    .replaceAll(/[\u2018\u2019\u201c\u201d\u2013\u2014\u2026]/g, (mark) => Typography.get(mark) ?? mark)
    .split(/[\n\r\u2028\u2029]+/)
    .map((line) => ascii(line.trim()).replaceAll('*/', '*\\/').replaceAll('@', '\\@'))
    .filter((line) => line !== '');
}

/** Characters outside printable ASCII as escapes: none is invisible, none reverses the text around it. */
function ascii(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
