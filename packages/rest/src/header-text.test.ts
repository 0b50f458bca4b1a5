import { expect, test } from 'vitest';
import { decodeHeaders, encodeHeaders } from './header-text.js';

test('text beyond ASCII goes over the wire as the bytes of UTF-8, and comes back', () => {
  const headers = { 'impersonate-user': 'jürgen', 'impersonate-group': ['ops', '運用'], accept: 'text/plain' };
  const encoded = encodeHeaders(headers);
  expect(encoded).toEqual({
    'impersonate-user': 'jÃ¼rgen',
    'impersonate-group': ['ops', Buffer.from('運用').toString('latin1')],
    accept: 'text/plain',
  });
  expect(decodeHeaders(encoded)).toEqual(headers);
});

test('bytes that are no UTF-8 stay as they are', () => {
  expect(decodeHeaders({ warning: '299 - "h\xe9"', none: undefined })).toEqual({
    warning: '299 - "h\xe9"',
    none: undefined,
  });
});

test.each(['\n', '\r', '\0', '\x7f'])('%j in a value is refused, without repeating the value', (character) => {
  expect(() => encodeHeaders({ authorization: `Bearer secret${character}` })).toThrow(
    new TypeError('the header authorization may not contain control characters'),
  );
});

test('a tab is no control character', () => {
  expect(encodeHeaders({ a: 'x\ty' })).toEqual({ a: 'x\ty' });
});
