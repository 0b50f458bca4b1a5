/**
 * Sixty-four bits that change when a text does: for caches, not against forgery. Two FNV-1a hashes side by side, over
 * UTF-16 units.
 */
export function contentHash(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return [high, low].map((half) => (half >>> 0).toString(16).padStart(8, '0').toUpperCase()).join('');
}
