import { expect, test } from 'vitest';
import { type ListenAddress, parseAddresses } from './parse-addresses.js';

const four = (address: string, isRequired: boolean): ListenAddress => ({ address, family: 4, isRequired });
const six = (address: string, isRequired: boolean): ListenAddress => ({ address, family: 6, isRequired });

test.each([
  [['localhost'], [four('127.0.0.1', false), six('::1', false)]],
  [
    ['localhost', '127.0.0.1'],
    [four('127.0.0.1', true), six('::1', false)],
  ],
  [
    ['localhost', '::1'],
    [four('127.0.0.1', false), six('::1', true)],
  ],
  [
    ['localhost', '127.0.0.1', '::1'],
    [four('127.0.0.1', true), six('::1', true)],
  ],
  [
    ['localhost', '127.0.0.1', '10.10.10.1'],
    [four('10.10.10.1', true), four('127.0.0.1', true), six('::1', false)],
  ],
  [
    ['127.0.0.1', '::1', 'localhost'],
    [four('127.0.0.1', true), six('::1', true)],
  ],
  [
    ['127.0.0.1', '10.0.0.1', '127.0.0.1'],
    [four('10.0.0.1', true), four('127.0.0.1', true)],
  ],
])('%j', (addresses, expected) => {
  expect(parseAddresses(addresses)).toEqual(expected);
});

test.each(['127.0.0.257', '::g', 'domain.invalid', '', 'LOCALHOST', '127.0.0.1:80', '127.0.0.1\n'])(
  'refuses %j',
  (address) => {
    expect(() => parseAddresses(['::1', address])).toThrow(
      `addresses[1]: expected an IP address or "localhost", got ${JSON.stringify(address)}`,
    );
  },
);

test('refuses none at all', () => {
  expect(() => parseAddresses([])).toThrow('addresses: expected at least one');
});
