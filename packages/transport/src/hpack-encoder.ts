import { StaticTable } from './hpack-table.js';

type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A field that is in no table, by its first bits; how secrets begin, which nobody on the way may keep (RFC 7541 §6.2). */
const NotKept = 0x00;
const NeverKept = 0x10;

/** From what a table does to lengths they could be guessed. */
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

/** Whole fields of the static table. */
const Https = '\u0087';
const Methods: Readonly<Record<string, string>> = { GET: '\u0082', POST: '\u0083' };

/** The table of the encoder is empty, whatever its size might be. */
const NoTable = '\u0020';

/** The fields of header objects that cannot change any more: clients have one for all of their requests. */
const fieldsOf = /* @__PURE__ */ new WeakMap<object, string>();

/**
 * The header block of a request over TLS, a character for each byte. Nothing in it depends on other requests: each can be sent in
 * any order, or left out.
 *
 * @param headers - a character for each byte; names in lower case.
 * @throws TypeError for a name that is none.
 */
export function encodeRequest(method: string, authority: string, path: string, headers: Headers): string {
  const { host = authority } = headers;
  const start = NoTable + Https + (Methods[method] ?? field(':method', method));
  return start + field(':authority', String(host)) + field(':path', path) + encodeFields(headers);
}

function encodeFields(headers: Headers): string {
  const known = fieldsOf.get(headers);
  if (known !== undefined) return known;
  let fields = '';
  let isLasting = Object.isFrozen(headers);
  for (const [name, value] of Object.entries(headers)) {
    if (!Name.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a header in lower case`);
    if (ofConnections.has(name)) continue;
    if (typeof value === 'string') fields += field(name, value);
    else {
      isLasting = false;
      for (const each of value) fields += field(name, each);
    }
  }
  if (isLasting) fieldsOf.set(headers, fields);
  return fields;
}

function field(name: string, value: string): string {
  const place = places.get(name) ?? 0;
  const start = integer(Secrets.has(name) ? NeverKept : NotKept, 4, place);
  return place === 0 ? start + text(name) + text(value) : start + text(value);
}

function text(value: string): string {
  return integer(0, 7, value.length) + value;
}

/** Behind its first bits, with so many left for it in the first byte (RFC 7541 §5.1). */
function integer(first: number, bits: number, value: number): string {
  const max = 2 ** bits - 1;
  if (value < max) return String.fromCharCode(first | value);
  let bytes = String.fromCharCode(first | max);
  let rest = value - max;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes += String.fromCharCode((rest % 0x80) | 0x80);
  return bytes + String.fromCharCode(rest);
}
