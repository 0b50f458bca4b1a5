/** How flags are written, and what they become. */
interface FlagTypes {
  bool: boolean;
  int: number;
  string: string;
  /** Separated by commas, and given any number of times. */
  strings: readonly string[];
  /** Go's notation; milliseconds. */
  duration: number;
}

interface FlagSpec<K extends keyof FlagTypes = keyof FlagTypes> {
  readonly type: K;
  readonly short?: string;
  /** Without one: false, 0, empty. */
  readonly default?: FlagTypes[K];
  /** What it is when it is given without a value. */
  readonly bare?: string;
}

export type FlagSpecs = Readonly<Record<string, FlagSpec>>;
export type FlagValues<S extends FlagSpecs> = { readonly [N in keyof S]: FlagTypes[S[N]['type']] };

export interface CommandLine<S extends FlagSpecs> {
  readonly args: readonly string[];
  readonly flags: FlagValues<S>;
  /** Names of the flags that were given. */
  readonly given: ReadonlySet<string>;
}

/**
 * Reads a command line as kubectl does: `--name=value`, `--name value`, `-n value`, `-nvalue`, `-wA`, `--`.
 *
 * @throws Error that says which flag is wrong.
 */
export function parseFlags<S extends FlagSpecs>(specs: S, words: readonly string[]): CommandLine<S> {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) values[name] = spec.default ?? Empty[spec.type];
  const given = new Set<string>();
  const args: string[] = [];
  const rest = [...words];

  function set(name: string, text: string): void {
    const spec = specs[name]!;
    const value = read(spec, text, spec.short === undefined ? `--${name}` : `-${spec.short}, --${name}`);
    const isMore = Array.isArray(value) && given.has(name);
    values[name] = isMore ? [...(values[name] as unknown[]), ...(value as unknown[])] : value;
    given.add(name);
  }

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      args.push(...rest.splice(0));
    } else if (word.startsWith('--')) {
      const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(word)!;
      if (!Object.hasOwn(specs, name)) throw new Error(`unknown flag: --${name}`);
      set(name, value ?? bareValue(specs[name]!) ?? next(rest, `--${name}`));
    } else if (/^-./.test(word)) {
      for (let shorts = word.slice(1); shorts !== '';) {
        const short = shorts[0]!;
        const [name, spec] = Object.entries(specs).find(([, spec]) => spec.short === short) ?? [];
        if (!spec || name === undefined) throw new Error(`unknown shorthand flag: '${short}' in -${shorts}`);
        const bare = shorts[1] === '=' ? undefined : bareValue(spec);
        const own = shorts.slice(shorts[1] === '=' ? 2 : 1);
        set(name, bare ?? (own || next(rest, `'${short}' in -${shorts}`)));
        shorts = bare === undefined ? '' : own;
      }
    } else {
      args.push(word);
    }
  }
  return { args, flags: values as FlagValues<S>, given };
}

const Empty = { bool: false, int: 0, string: '', strings: [], duration: 0 } as const;

function bareValue({ type, bare }: FlagSpec): string | undefined {
  return type === 'bool' ? 'true' : bare;
}

function next(rest: string[], flag: string): string {
  const value = rest.shift();
  if (value === undefined) throw new Error(`flag needs an argument: ${flag}`);
  return value;
}

/** @throws Error when the text is none of the type. */
function read({ type }: FlagSpec, text: string, flag: string): unknown {
  const value = Readers[type](text);
  if (value === undefined) throw new Error(`invalid argument ${JSON.stringify(text)} for "${flag}" flag: no ${type}`);
  return value;
}

const Readers: { readonly [K in keyof FlagTypes]: (text: string) => FlagTypes[K] | undefined } = {
  bool: (text) => text === 'true' || (text === 'false' ? false : undefined),
  int: (text) => (/^[-+]?\d+$/.test(text) ? Number(text) : undefined),
  string: (text) => text,
  strings: (text) => text.split(','),
  duration: parseDuration,
};

const Units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!/^-?(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/([\d.]+)([a-z]+)/g)].map(([, amount, unit]) => Number(amount) * Units[unit!]!);
  return parts.reduce((sum, part) => sum + part, 0) * (text.startsWith('-') ? -1 : 1);
}
