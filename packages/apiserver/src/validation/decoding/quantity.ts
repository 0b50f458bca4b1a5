import { DecodeError } from './decode-error.js';

/** Number, and then suffix or exponent. */
const Quantity = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?)$/;

const BinaryPowers: readonly string[] = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
/** By power of a thousand. */
const DecimalSuffixes: ReadonlyMap<number, string> = new Map([
  [-3, 'n'],
  [-2, 'u'],
  [-1, 'm'],
  [0, ''],
  [1, 'k'],
  [2, 'M'],
  [3, 'G'],
  [4, 'T'],
  [5, 'P'],
  [6, 'E'],
]);
const Thousands: ReadonlyMap<string, number> = new Map([...DecimalSuffixes].map(([power, suffix]) => [suffix, power]));

/** More digits, or a greater exponent, than any quantity means: it would only cost time. */
const MaxDigits = 1000;

/** The finest fraction that a quantity keeps; anything below is rounded up. */
const NanoDigits = 9;

type Form = 'binary' | 'decimal' | 'exponent';

/**
 * A quantity in the one form in which a real server stores it: `1000m` becomes `1`, and `1024Mi` becomes `1Gi`.
 *
 * @throws DecodeError for text that is none.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string {
  const match = Quantity.exec(text);
  if (!match || text.length > MaxDigits) throw new DecodeError(problemOf(text));
  const [, sign, whole = '', fraction = '', e, exponent, suffix = ''] = match;
  if (whole + fraction === '') throw new DecodeError(problemOf(text));
  const nano = toNano(whole, fraction, e === undefined ? suffix : Number(exponent));
  if (nano === 0n) return '0';
  const written = write(nano, e !== undefined ? 'exponent' : suffix.endsWith('i') ? 'binary' : 'decimal');
  return sign === '-' ? `-${written}` : written;
}

/** @returns negative, zero or positive. Both are canonical. */
export function compareQuantities(a: string, b: string): number {
  const [left, right] = [signedNano(a), signedNano(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

function signedNano(text: string): bigint {
  const [, sign, whole = '', fraction = '', e, exponent, suffix = ''] = Quantity.exec(text) ?? [];
  const nano = toNano(whole, fraction, e === undefined ? suffix : Number(exponent));
  return sign === '-' ? -nano : nano;
}

/** Billionths, rounded up. */
function toNano(whole: string, fraction: string, scale: string | number): bigint {
  const digits = BigInt(`${whole}${fraction}` || '0');
  const binary = typeof scale === 'string' ? BinaryPowers.indexOf(scale) : 0;
  const power = typeof scale === 'number' ? clamp(scale) : binary > 0 ? 0 : 3 * (Thousands.get(scale) ?? 0);
  const scaled = digits * 1024n ** BigInt(Math.max(binary, 0));
  const shift = power + NanoDigits - fraction.length;
  if (shift >= 0) return scaled * 10n ** BigInt(shift);
  const divisor = 10n ** BigInt(-shift);
  return (scaled + divisor - 1n) / divisor;
}

function clamp(exponent: number): number {
  return Math.max(-MaxDigits, Math.min(MaxDigits, exponent));
}

function write(nano: bigint, form: Form): string {
  const unit = 10n ** BigInt(NanoDigits);
  // Fractions and small numbers of bytes are written as decimals, whatever suffix they came with.
  if (form === 'binary' && nano % unit === 0n && nano >= 1024n * unit) {
    let value = nano / unit;
    let power = 0;
    while (power < BinaryPowers.length - 1 && value % 1024n === 0n) {
      value /= 1024n;
      power++;
    }
    return `${value}${BinaryPowers[power]}`;
  }
  let value = nano;
  let power = -3;
  while (power < 6 && value % 1000n === 0n) {
    value /= 1000n;
    power++;
  }
  if (form === 'exponent') return power === 0 ? String(value) : `${value}e${3 * power}`;
  return `${value}${DecimalSuffixes.get(power) ?? ''}`;
}

/** Go first looks for a number and then at the rest. */
function problemOf(text: string): string {
  if (/^[+-]?[0-9.]+$/.test(text)) return "unable to parse quantity's suffix";
  return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
}
