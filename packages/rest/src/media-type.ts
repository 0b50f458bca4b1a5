/** What every server speaks. */
export const JsonMediaType = 'application/json';

/** A media type without its parameters (RFC 9110 §8.3.1). */
export function essenceOf(mediaType: string): string {
  return mediaType.replace(/;.*/s, '').trim().toLowerCase();
}
