/** Compares as the UTF-8 bytes of both would: as Go does. JavaScript compares UTF-16, where U+10000 is below U+E000. */
export function compareUtf8(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) i++;
  if (i === a.length || i === b.length) return a.length - b.length;
  return (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0);
}
