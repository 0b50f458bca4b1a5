import { describe, expect, test } from 'vitest';
import { serverUrl } from './server-url.js';

describe('serverUrl', () => {
  test.each([
    ['https://example.com', {}, 'https://example.com/'],
    ['https://example.com:6443', {}, 'https://example.com:6443/'],
    ['http://example.com/base/path', {}, 'http://example.com/base/path/'],
    ['https://example.com/?query=1#fragment', {}, 'https://example.com/'],
    ['example.com:8080', {}, 'http://example.com:8080/'],
    ['example.com', { insecure: true }, 'https://example.com/'],
    ['127.0.0.1:6443', { ca: 'pem' }, 'https://127.0.0.1:6443/'],
    ['[::1]:6443', { cert: 'pem' }, 'https://[::1]:6443/'],
    ['', {}, 'http://localhost/'],
  ])('%j with %j is %s', (host, tls, expected) => {
    expect(serverUrl({ host, tls }).href).toBe(expected);
  });

  test.each(['ftp://example.com', 'example.com/path', 'http://', 'not a host'])(
    'refuses %j, and says what was expected',
    (host) => {
      expect(() => serverUrl({ host })).toThrow(/config\.host: expected an http\(s\) URL or host:port/);
    },
  );

  test.each([
    'https://user:secret@example.com',
    'user:secret@example.com:6443',
    'https://user:secret/secret@example.com',
    'https://user:s@secret@example.com',
    'ftp://user:secret@example.com',
  ])('refuses %s without repeating its password', (host) => {
    expect(() => serverUrl({ host })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') as string }) as Error,
    );
  });
});
