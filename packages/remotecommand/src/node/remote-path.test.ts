import { expect, test } from 'vitest';
import { remotePath } from './remote-path.js';

test.each([
  ['/a/b', '/a/b'],
  ['/a/b/', '/a/b'],
  ['/a/../b//c', '/b/c'],
  ['/', '/'],
  ['.', './.'],
  ['a', './a'],
  ['-C', './-C'],
  ['--to-command=sh', './--to-command=sh'],
  ['../a', './../a'],
])('%j is %j', (path, expected) => {
  expect(remotePath('to', path)).toBe(expected);
});

test.each(['', '..', 'a/../..', '/a\0b'])('refuses %j', (path) => {
  expect(() => remotePath('to', path)).toThrow(/^to: expected a path/);
});
