/**
 * Text of somebody else's as it may stand in a message: everything is spelled out, as JSON would, that could control a
 * terminal, turn its text around, or hide, line breaks included. Of any length: who reads from the network cuts it before.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
