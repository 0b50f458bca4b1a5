/** Breaks lines at spaces where they are longer than `limit` code points; a longer word stays whole. As kubectl's own does. */
export function wordWrap(text: string, limit: number): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, limit))
    .join('\n');
}

function wrapLine(line: string, limit: number): string {
  let wrapped = '';
  let column = 0;
  for (const [, spaces, word] of line.matchAll(/([^\S\u00a0]*)([\S\u00a0]*)/g)) {
    const [gap, length] = [spaces!.length, Array.from(word!).length];
    if (word === '') {
      // What is at the end of a line stays there, if there is room.
      if (column + gap <= limit) wrapped += spaces;
    } else if (column + gap + Math.min(length, limit - 1) > limit) {
      wrapped += `\n${word}`;
      column = length;
    } else {
      wrapped += spaces! + word;
      column += gap + length;
    }
  }
  return wrapped;
}
