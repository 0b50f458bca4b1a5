import { parseJsonPath, relaxedJsonPath } from '@client-ts/jsonpath';

/**
 * What `--sort-by` makes of a list: numbers and quantities by their value, texts by their characters, what lacks the
 * field first, the last of it before the others: so kubectl sorts lists that are not long.
 *
 * @throws Error when nothing has the field, or it is neither number nor text.
 */
export function sortedBy<T>(field: string, items: readonly T[], objectOf: (item: T) => unknown): T[] {
  const template = relaxedJsonPath(field);
  const path = parseJsonPath(template);
  const keyed = items.map((item) => ({ item, key: path.evaluate(objectOf(item), { allowMissingKeys: true })[0]?.[0] }));
  if (items.length > 0 && keyed.every(({ key }) => key === undefined)) {
    throw new Error(`couldn't find any field with path ${JSON.stringify(template)} in the list of objects`);
  }
  const lacking = keyed.filter(({ key }) => key === undefined).toReversed();
  const having = keyed.filter(({ key }) => key !== undefined).toSorted((a, b) => compare(a.key, b.key));
  return [...lacking, ...having].map(({ item }) => item);
}

function compare(a: unknown, b: unknown): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== undefined && right !== undefined) return left - right;
  if (typeof a !== 'string' || typeof b !== 'string')
    throw new Error('the field of --sort-by is neither a number nor a text');
  return a < b ? -1 : Number(a > b);
}

/** Of quantities, a thousand apart; none at all is the space. */
const Prefixes = 'num kMGTPE';

/** Of a number, or of a quantity such as `100m` and `2Gi`. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  const quantity = typeof value === 'string' ? Quantity.exec(value) : null;
  if (!quantity) return undefined;
  const [, digits, binary, decimal = ' ', exponent = '0'] = quantity;
  const power = Prefixes.indexOf(binary?.replace('K', 'k') ?? decimal) - Prefixes.indexOf(' ');
  return Number(digits) * (binary ? 1024 : 1000) ** power * 10 ** Number(exponent);
}

const Quantity = /^([-+]?(?:\d+\.?\d*|\.\d+))(?:([KMGTPE])i|([numkMGTPE])|[eE]([-+]?\d+))?$/;
