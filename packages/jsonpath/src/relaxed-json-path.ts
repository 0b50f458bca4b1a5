import { JsonPathError } from './json-path-error.js';

const Forms = "'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'";

/**
 * The template that an expression stands for where kubectl expects a path alone: in custom columns, `--sort-by` and
 * `wait --for=jsonpath=…`. `metadata.name`, `.metadata.name`, `{metadata.name}` and `{.metadata.name}` are all `{.metadata.name}`;
 * nothing stays nothing.
 *
 * Throws a `JsonPathError` of kind `syntax` for any other use of braces, and for a path of nothing but a dot.
 */
export function relaxedJsonPath(expression: string): string {
  if (expression === '') return '';
  const braced = expression.startsWith('{') && expression.endsWith('}');
  const path = (braced ? expression.slice(1, -1) : expression).replace(/^\.(?=.)/s, '');
  const brace = path.search(/[{}]/);
  if (path === '' || brace >= 0) {
    const at = brace < 0 ? 0 : expression.length - path.length - (braced ? 1 : 0) + brace;
    throw new JsonPathError('syntax', 'unexpected path string', at, Forms);
  }
  return `{.${path}}`;
}
