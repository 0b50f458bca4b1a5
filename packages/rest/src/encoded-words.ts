/** One encoded word, with the white space that only keeps it apart from the next. */
const EncodedWord = /=\?([^?\s]+)\?([bq])\?([^?\s]*)\?=(?:\s+(?==\?))?/gi;

/** Decodes the encoded words of RFC 2047 in a text, such as `=?utf-8?q?h=C3=A9?=`. What cannot be decoded stays. */
export function decodeEncodedWords(text: string): string {
  return text.replaceAll(EncodedWord, (word, charset: string, kind: string, encoded: string) => {
    try {
      const bytes = kind.toLowerCase() === 'b' ? atob(encoded) : unquote(encoded);
      return new TextDecoder(charset, { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    } catch {
      return word; // an unknown character set, or damaged
    }
  });
}

function unquote(encoded: string): string {
  return encoded
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
