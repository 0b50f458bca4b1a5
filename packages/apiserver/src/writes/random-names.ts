import type { Clock } from '@client-ts/apimachinery';

/** No vowels and no digits that look like some: no words come out. The alphabet of apimachinery's `util/rand`. */
const Alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const SuffixLength = 5;
/** A name made from a prefix is a DNS label where possible: at most 63 characters. */
const MaxPrefixLength = 63 - SuffixLength;

/** The name that a server makes from `metadata.generateName`. */
export function generateName(prefix: string, clock: Clock): string {
  let name = prefix.slice(0, MaxPrefixLength);
  for (let i = 0; i < SuffixLength; i++) name += Alphabet[Math.floor(clock.random() * Alphabet.length)];
  return name;
}

/** A random UUID (version 4) from the clock's randomness, so that runs on virtual time repeat. */
export function generateUid(clock: Clock): string {
  const digit = (bits: number, offset = 0): string => (offset + Math.floor(clock.random() * bits)).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replaceAll(/[xy]/g, (place) =>
    place === 'x' ? digit(16) : digit(4, 8),
  );
}
