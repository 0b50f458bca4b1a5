import { expect, test } from 'vitest';
import { proxyOf } from './proxy.js';

test.each([
  ['http://proxy', { protocol: 'http:', hostname: 'proxy', port: 80, host: 'proxy' }],
  ['https://proxy:3128/', { protocol: 'https:', hostname: 'proxy', port: 3128, host: 'proxy:3128' }],
  ['https://proxy', { protocol: 'https:', port: 443 }],
  ['socks5://proxy', { protocol: 'socks5:', hostname: 'proxy', port: 1080, host: 'proxy' }],
  ['socks5h://proxy:9050', { protocol: 'socks5:', port: 9050, host: 'proxy:9050' }],
  ['http://[::1]:3128', { hostname: '::1', port: 3128, host: '[::1]:3128' }],
  ['http://proxy', { credentials: undefined }],
  ['http://ann:p%40ss@proxy', { credentials: { username: 'ann', password: 'p@ss' }, host: 'proxy' }],
  ['http://ann@proxy', { credentials: { username: 'ann', password: '' } }],
  ['socks5://ann:p%40ss@proxy', { credentials: { username: 'ann', password: 'p@ss' }, host: 'proxy' }],
])('%s', (url, expected) => {
  expect(proxyOf(url)).toMatchObject(expected);
});

test.each([
  ['ftp://ann:secret@proxy', 'config.proxyUrl: expected an http://, https:// or socks5:// URL, got ftp:'],
  ['ann:secret@proxy:3128', 'config.proxyUrl: expected an http://, https:// or socks5:// URL, got ann:'],
  ['', 'config.proxyUrl: expected an http://, https:// or socks5:// URL, got no URL'],
  ['socks5://', 'config.proxyUrl: expected a host'],
  ['http://ann:sec%ret@proxy', 'config.proxyUrl: user name and password must be percent-encoded'],
])('%s is refused without repeating its password', (url, message) => {
  expect(() => proxyOf(url)).toThrow(new TypeError(message));
});
