import { expect, test } from 'vitest';
import { proxyOf } from './proxy.js';

const basic = (userinfo: string): string => `Basic ${Buffer.from(userinfo).toString('base64')}`;

test.each([
  ['http://proxy', { host: 'proxy', origin: 'http://proxy', authorization: undefined }],
  ['https://proxy:3128/', { host: 'proxy:3128', origin: 'https://proxy:3128', authorization: undefined }],
  ['http://ann:p%40ss@proxy', { host: 'proxy', origin: 'http://proxy', authorization: basic('ann:p@ss') }],
  ['http://ann@proxy', { host: 'proxy', origin: 'http://proxy', authorization: basic('ann:') }],
])('%s', (url, expected) => {
  expect(proxyOf(url)).toEqual(expected);
});

test.each([
  ['socks5://ann:secret@proxy', 'config.proxyUrl: expected an http:// or https:// URL, got socks5:'],
  ['ann:secret@proxy:3128', 'config.proxyUrl: expected an http:// or https:// URL, got ann:'],
  ['', 'config.proxyUrl: expected an http:// or https:// URL, got no URL'],
  ['http://ann:sec%ret@proxy', 'config.proxyUrl: user name and password must be percent-encoded'],
])('%s is refused without repeating its password', (url, message) => {
  expect(() => proxyOf(url)).toThrow(new TypeError(message));
});
