/** Says that there was more. */
const Ellipsis = '...';

/**
 * The text, or as much of its beginning as fits into `maxBytes` of UTF-8, with `...` behind it. No character is cut in two, and
 * a surrogate that stands alone, which UTF-8 does not have, becomes U+FFFD: it would do so at the server, and take more bytes.
 *
 * @param maxBytes - more than 3.
 */
export function fitText(text: string, maxBytes: number): string {
  // What is written ends before the first character that has no place, however long the text is.
  const bytes = new Uint8Array(maxBytes);
  const { read, written } = new TextEncoder().encodeInto(text, bytes);
  if (read === text.length) return decode(bytes.subarray(0, written));
  const room = bytes.subarray(0, maxBytes - Ellipsis.length);
  const cut = new TextEncoder().encodeInto(text, room);
  return decode(room.subarray(0, cut.written)) + Ellipsis;
}

/** With a byte order mark, if there is one: it is no less a character than the others. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
