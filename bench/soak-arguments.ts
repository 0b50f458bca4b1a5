import { parseArgs } from 'node:util';

export interface SoakArguments {
  /** How long to go on; `undefined`: until there were enough runs. */
  readonly minutes: number | undefined;
  /** Of the first run; the others follow from it. */
  readonly seed: number;
}

/**
 * Reads `--minutes N --seed S`. Default: a seed that is another each time.
 *
 * @throws RangeError or TypeError when they make no sense; the message names the argument.
 */
export function parseSoakArguments(args: readonly string[]): SoakArguments {
  const options = { minutes: { type: 'string' }, seed: { type: 'string' } } as const;
  const { values } = parseArgs({ args: [...args], options });
  const minutes = values.minutes === undefined ? undefined : Number(values.minutes);
  const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
  if (minutes !== undefined && (!(minutes > 0) || minutes === Infinity))
    throw new RangeError(`--minutes: expected a positive number, got ${values.minutes}`);
  if (!Number.isInteger(seed) || Math.abs(seed) >= 2 ** 31)
    throw new RangeError(`--seed: expected a whole number of at most 31 bits, got ${values.seed}`);
  return { minutes, seed };
}
