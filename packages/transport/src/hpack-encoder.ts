import { StaticTable } from './hpack-table.js';

/** Ways to write a field down (RFC 7541 §6): its first bits, and how many are left for a number. */
const NotKept = [0x00, 4] as const;
const NeverKept = [0x10, 4] as const;

/** The table of the encoder is empty, whatever its size might be. */
const NoTable = 0x20;

/** Not to be kept in tables, by anybody on the way: from what the table does to lengths they could be guessed. */
const Secrets: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** RFC 9110 §5.6.2. */
const Name = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** HTTP/2 has other means for what they say, and refuses them (RFC 9113 §8.2.2). */
const ofConnections: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
]);

/** The first place of each name in the static table. */
const places = /* @__PURE__ */ new Map(StaticTable.map(([name], at) => [name, at + 1] as const).toReversed());

/** Those of a header object that cannot change any more: clients have one for all of their requests. */
const blocks = /* @__PURE__ */ new WeakMap<object, Buffer>();

function integer([first, bits]: readonly [number, number], value: number): number[] {
  const max = 2 ** bits - 1;
  if (value < max) return [first | value];
  const bytes = [first | max];
  let rest = value - max;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  bytes.push(rest);
  return bytes;
}

function text(value: string): Buffer[] {
  return [Buffer.from(integer([0, 7], value.length)), Buffer.from(value, 'latin1')];
}

function field(name: string, value: string): Buffer[] {
  const place = places.get(name) ?? 0;
  const head = Buffer.from(integer(Secrets.has(name) ? NeverKept : NotKept, place));
  return place === 0 ? [head, ...text(name), ...text(value)] : [head, ...text(value)];
}

/** What the static table has as a whole. */
const fixed: Readonly<Record<string, readonly number[]>> = {
  GET: [0x80 | 2],
  POST: [0x80 | 3],
};
const Https = 0x80 | 7;

/**
 * The header block of a request over TLS. Nothing in it depends on other requests: each can be sent in any order, or left out.
 *
 * @param headers - a character for each byte; names in lower case.
 */
export function encodeRequest(
  method: string,
  authority: string,
  path: string,
  headers: Readonly<Record<string, string | readonly string[]>>,
): Buffer {
  const { [method]: known } = fixed;
  const start = [NoTable, Https, ...(known ?? [])];
  return Buffer.concat([
    Buffer.from(start),
    ...(known ? [] : field(':method', method)),
    ...field(':authority', typeof headers['host'] === 'string' ? headers['host'] : authority),
    ...field(':path', path),
    encodeFields(headers),
  ]);
}

function encodeFields(headers: Readonly<Record<string, string | readonly string[]>>): Buffer {
  const known = blocks.get(headers);
  if (known) return known;
  const parts: Buffer[] = [];
  let isLasting = Object.isFrozen(headers);
  for (const [name, value] of Object.entries(headers)) {
    if (!Name.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header in lower case`);
    if (ofConnections.has(name)) continue;
    if (typeof value !== 'string') isLasting = false;
    for (const each of typeof value === 'string' ? [value] : value) parts.push(...field(name, each));
  }
  const block = Buffer.concat(parts);
  if (isLasting) blocks.set(headers, block);
  return block;
}
