import { parseYaml, YamlError } from '@client-ts/serializer/yaml';

/** Not those behind a backslash that is itself escaped. */
const Escapes = /(?<!\\)((?:\\\\)*)\\(?:u|U0000)(?=[dD][89a-fA-F])/g;

/**
 * What the YAML reader of a real server says of escapes of UTF-16 surrogates, in JSON as well: it takes none, even of those
 * that are pairs. `undefined` where there are none.
 *
 * @param text - good YAML.
 */
export function surrogateProblem(text: string): string | undefined {
  // An escape that nobody takes: an error where it is one, and nothing in comments and in strings without escapes.
  const refused = text.replaceAll(Escapes, String.raw`$1\q`);
  if (refused === text) return undefined;
  try {
    parseYaml(refused);
    return undefined;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    // The first line is not counted.
    const line = error.line > 1 ? `line ${error.line}: ` : '';
    return `yaml: ${line}found invalid Unicode character escape code`;
  }
}
