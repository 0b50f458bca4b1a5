import { expect, it } from 'vitest';
import { hasFormat } from './formats.js';

it.each<[string, string[], string[]]>([
  ['ipv4', ['1.2.3.4'], ['x', '256.1.1.1', '01.2.3.4', '1.2.3']],
  ['ipv6', ['::1', '2001:db8::ffff'], ['1.2.3.4', 'x', ':::']],
  ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33', 'x/1']],
  ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['x', '123e4567']],
  ['uuid4', ['123e4567-e89b-42d3-a456-426614174000'], ['123e4567-e89b-12d3-a456-426614174000']],
  ['byte', ['', 'YQ=='], ['!', 'YQ']],
  ['date', ['2026-11-24'], ['x', '2026-13-01', '2026-1-1']],
  ['date-time', ['2026-11-24T10:00:00Z', '2026-11-24T10:00:00.5+01:00'], ['2026-11-24', '2026-11-24T25:00:00Z']],
  ['duration', ['1m', '1h30m', '1.5s', '3 days'], ['x', '1', '5 years ago']],
  ['email', ['a@b.c'], ['x', 'a b@c']],
  ['hostname', ['example.com', 'a'], ['a b', '-a', '']],
  ['uri', ['https://a/b', '/a'], ['x', '::']],
  ['mac', ['01:23:45:67:89:ab'], ['01:23']],
  ['anything-else', ['', 'x'], []],
])('%s', (format, good, bad) => {
  expect(good.filter((text) => !hasFormat(format, text))).toEqual([]);
  expect(bad.filter((text) => hasFormat(format, text))).toEqual([]);
});
