import { expect, test } from 'vitest';
import { parsePorts } from './parse-ports.js';

test.each([
  ['5000', { local: 5000, remote: 5000 }],
  ['5000:5000', { local: 5000, remote: 5000 }],
  ['8888:5000', { local: 8888, remote: 5000 }],
  ['5000:8888', { local: 5000, remote: 8888 }],
  [':5000', { local: 0, remote: 5000 }],
  ['0:5000', { local: 0, remote: 5000 }],
  ['1:65535', { local: 1, remote: 65_535 }],
  ['0080:0443', { local: 80, remote: 443 }],
])('%s', (text, port) => {
  expect(parsePorts([text])).toEqual([port]);
});

test('keeps the order, and the same port twice', () => {
  const local = parsePorts(['2', ':1', '2']).map((port) => port.local);
  expect(local).toEqual([2, 0, 2]);
});

test.each([
  ['a'],
  [':a'],
  ['-1'],
  ['65536'],
  ['0'],
  ['0:0'],
  ['a:5000'],
  ['5000:a'],
  ['5000:'],
  [''],
  [':'],
  ['1:2:3'],
  [' 80'],
  ['80\n'],
  ['+80'],
  ['1e3'],
  ['0x50'],
  ['٨٠'],
  ['9'.repeat(100_000)],
])('refuses %j', (text) => {
  const place = `ports[1]: expected "local:remote", ":remote" or "port"`;
  expect(() => parsePorts(['1', text])).toThrow(expect.objectContaining({ name: 'TypeError' }));
  expect(() => parsePorts(['1', text])).toThrow(place);
});

test('refuses none at all', () => {
  expect(() => parsePorts([])).toThrow('ports: expected at least one');
});
