/**
 * JSON with one field a line. Its literals stay as they are, which a way through values would not promise for numbers.
 *
 * @param indent - one level of indentation.
 */
export function indentJson(json: string, indent: string): string {
  const tokens = json.match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let depth = 0;
  const line = (): string => `\n${indent.repeat(depth)}`;
  return tokens
    .map((token, index) => {
      const closesEmpty = /^[{[]$/.test(tokens[index - 1] ?? '') && /^[}\]]$/.test(token);
      if (closesEmpty) return token;
      if (token === '{' || token === '[') {
        if (/^[}\]]$/.test(tokens[index + 1] ?? '')) return token;
        depth++;
        return token + line();
      }
      if (token === '}' || token === ']') {
        depth--;
        return line() + token;
      }
      if (token === ',') return token + line();
      return token === ':' ? ': ' : token;
    })
    .join('');
}
