import { describe, expect, test } from 'vitest';
import { proxyFromEnvironment } from './proxy-from-environment.js';

describe('proxyFromEnvironment', () => {
  const both = { HTTP_PROXY: 'http://plain', HTTPS_PROXY: 'http://secure:3128' };

  test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['https://one.example', both, 'http://secure:3128'],
    ['http://one.example', both, 'http://plain'],
    ['one.example:8080', both, 'http://plain'],
    ['https://one.example', { HTTP_PROXY: 'http://plain' }, undefined],
    ['https://one.example', { https_proxy: 'http://lower' }, 'http://lower'],
    ['https://one.example', { HTTPS_PROXY: '', https_proxy: 'http://lower' }, 'http://lower'],
    ['https://one.example', { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128'],
    ['https://one.example', { HTTPS_PROXY: 'socks5://proxy' }, 'socks5://proxy'],
    ['https://one.example', {}, undefined],
    ['https://localhost:6443', both, undefined],
    ['https://127.0.0.1:6443', both, undefined],
    ['https://127.9.9.9:6443', both, undefined],
    ['https://[::1]:6443', both, undefined],
    ['https://[::ffff:127.0.0.1]:6443', both, undefined],
    ['https://0.0.0.0', both, 'http://secure:3128'],
    ['https://sub.localhost', both, 'http://secure:3128'],
    ['https://bücher.example', both, 'http://secure:3128'],
    ['not a host', both, undefined],
    ['http://one.example', { ...both, REQUEST_METHOD: 'GET' }, undefined],
    ['http://one.example', { http_proxy: 'http://plain', REQUEST_METHOD: 'GET' }, 'http://plain'],
    ['https://one.example', { ...both, REQUEST_METHOD: 'GET' }, 'http://secure:3128'],
  ])('%s with %j: %s', (host, env, expected) => {
    expect(proxyFromEnvironment(host, env)).toBe(expected);
  });

  test.each([
    ['*', 'https://one.example', true],
    ['one.example', 'https://one.example', true],
    ['ONE.example', 'https://one.example', true],
    ['one.example', 'https://sub.one.example', true],
    ['one.example', 'https://someone.example', false],
    ['.one.example', 'https://one.example', false],
    ['.one.example', 'https://sub.one.example', true],
    ['*.one.example', 'https://sub.one.example', true],
    ['*.one.example', 'https://one.example', false],
    ['two, one.example', 'https://one.example', true],
    [',', 'https://one.example', false],
    ['one.example:', 'https://one.example', true],
    ['one.example/', 'https://one.example', false],
    ['one.*', 'https://one.example', false],
    ['.', 'https://one.example', false],
    ['*.', 'https://one.example', false],
    [':443', 'https://one.example', false],
    ['*:443', 'https://one.example', false],
    ['bücher.example', 'https://xn--bcher-kva.example', true],
    ['xn--bcher-kva.example', 'https://bücher.example', true],
    ['one.example:443', 'https://one.example', true],
    ['one.example:6443', 'https://one.example', false],
    ['10.0.0.1', 'https://10.0.0.1:6443', true],
    ['10.0.0.1:6443', 'https://10.0.0.1:6443', true],
    ['10.0.0.1:443', 'https://10.0.0.1:6443', false],
    ['10.0.0.1', 'https://10.0.0.10', false],
    ['10.0.0.0/8', 'https://10.9.9.9', true],
    ['10.0.0.0/8', 'https://11.0.0.1', false],
    ['10.0.0.0/99', 'https://10.0.0.1', false],
    ['fd00::1', 'https://[fd00::1]:6443', true],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', true],
    ['[fd00::1]', 'https://[fd00::1]', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['10.0.0.1', 'https://[::ffff:10.0.0.1]', true],
    ['10.0.0.0/8', 'https://[::ffff:10.9.9.9]', true],
    ['::ffff:10.0.0.1', 'https://10.0.0.1', true],
    ['::ffff:10.0.0.0/104', 'https://10.9.9.9', true],
    ['::/0', 'https://10.0.0.1', false],
    ['0.0.0.0/0', 'https://[fd00::1]', false],
    ['fd00::/8', 'https://10.0.0.1', false],
    ['10.0.0.0/8', 'https://ten.example', false],
  ])('NO_PROXY=%s exempts %s: %s', (noProxy, host, exempt) => {
    expect(proxyFromEnvironment(host, { ...both, NO_PROXY: noProxy })).toBe(exempt ? undefined : 'http://secure:3128');
    expect(proxyFromEnvironment(host, { ...both, no_proxy: noProxy })).toBe(exempt ? undefined : 'http://secure:3128');
  });
});
