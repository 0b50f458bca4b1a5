/** Text of strangers, without what would control a terminal; escaped as kubectl does. */
export function escapeTerminal(text: string): string {
  return text.replaceAll('\u001b', '^[').replaceAll('\r', String.raw`\r`);
}
