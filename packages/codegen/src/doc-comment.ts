/** Lines of generated source are no longer than this, as those written by hand. */
const Width = 120;

/** A comment of these paragraphs: on one line where they fit, else a line each, and broken between words. Empty for none. */
export function docComment(paragraphs: readonly string[], indent = ''): string {
  if (paragraphs.length === 0) return '';
  const single = `${indent}/** ${paragraphs.join(' ')} */\n`;
  if (single.length <= Width) return single;
  const prefix = `${indent} * `;
  const lines = paragraphs.flatMap((paragraph) => wrapped(paragraph, Width - prefix.length));
  return [`${indent}/**`, ...lines.map((line) => prefix + line), `${indent} */`, ''].join('\n');
}

function wrapped(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
