/** As many bytes as the name of a manager may have. */
const MaxBytes = 128;

/** The manager of a client that does not say who it is: the program that it says to be, without what cannot be printed. */
export function managerFromUserAgent(userAgent: string): string {
  const program = (userAgent.split('/')[0] ?? '').replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, '');
  let bytes = 0;
  const fitting = Array.from(program).filter((character) => {
    bytes += new TextEncoder().encode(character).length;
    return bytes <= MaxBytes;
  });
  return fitting.join('');
}
