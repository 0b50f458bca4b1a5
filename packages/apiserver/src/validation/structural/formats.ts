import { isIPv4, isIPv6 } from '../ip-address.js';

const Hex = '[0-9a-f]';
const HostLabel = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';

/** What strings of a format look like. Formats that are not listed are not checked, as on a real server. */
const Formats: ReadonlyMap<string, (text: string) => boolean> = new Map<string, (text: string) => boolean>([
  ['bsonobjectid', matching(`${Hex}{24}`)],
  ['byte', isBase64],
  ['cidr', isCidr],
  ['creditcard', matching(String.raw`[0-9]{13,19}`)],
  ['date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))],
  ['date-time', isDateTime],
  ['datetime', isDateTime],
  ['duration', isDuration],
  ['email', matching(String.raw`[^\s@]+@[^\s@]+`)],
  ['hexcolor', matching(String.raw`#?(?:${Hex}{3}|${Hex}{6})`)],
  ['hostname', (text) => text.length <= 253 && matching(`${HostLabel}(?:\\.${HostLabel})*\\.?`)(text)],
  ['ipv4', isIPv4],
  ['ipv6', isIPv6],
  ['isbn', matching(String.raw`(?:97[89][- ]?)?(?:[0-9][- ]?){9}[0-9X]`)],
  ['isbn10', matching(String.raw`(?:[0-9][- ]?){9}[0-9X]`)],
  ['isbn13', matching(String.raw`97[89][- ]?(?:[0-9][- ]?){10}`)],
  ['mac', matching(`${Hex}{2}(?:[-:]${Hex}{2}){5,7}`)],
  ['rgbcolor', matching(String.raw`rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)`)],
  ['ssn', matching(String.raw`\d{3}[- ]?\d{2}[- ]?\d{4}`)],
  ['uri', (text) => URL.canParse(text) || text.startsWith('/')],
  ['uuid', uuid('[0-9a-f]')],
  ['uuid3', uuid('3')],
  ['uuid4', uuid('4')],
  ['uuid5', uuid('5')],
]);

/** Whether a string has a format. Dashes in the name do not count. */
export function hasFormat(format: string, text: string): boolean {
  const check = Formats.get(format) ?? Formats.get(format.replaceAll('-', ''));
  return check?.(text) ?? true;
}

/** The patterns here are our own, and take linear time. */
function matching(pattern: string): (text: string) => boolean {
  const expression = new RegExp(`^(?:${pattern})$`, 'i');
  return (text) => expression.test(text);
}

function uuid(version: string): (text: string) => boolean {
  return matching(`${Hex}{8}-?${Hex}{4}-?${version}${Hex}{3}-?${Hex}{4}-?${Hex}{12}`);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/i.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

/** Go's durations, and those in words: `1h30m`, `3 days`. */
function isDuration(text: string): boolean {
  return (
    /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.test(text) ||
    /^\d+\s*(?:ns|us|µs|ms|s|m|h|d|w|nanos?|micros?|millis?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?)$/i.test(
      text,
    )
  );
}

function isCidr(text: string): boolean {
  const [, address = '', bits = ''] = /^(.*)\/(\d{1,3})$/.exec(text) ?? [];
  return (
    (isIPv4(address) && Number(bits) <= 32 && bits !== '') || (isIPv6(address) && Number(bits) <= 128 && bits !== '')
  );
}
