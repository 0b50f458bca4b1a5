import { expect, test } from 'vitest';
import { entryPath } from './entry-path.js';

test.each([
  ['the file itself', './web', 'web', []],
  ['a directory itself', './web/', 'web', []],
  ['a file below', './web/a/b', 'web', ['a', 'b']],
  ['a name without a dot before it', 'web/a', 'web', ['a']],
  ['everything, from the root', './etc/hosts', '', ['etc', 'hosts']],
  ['the root', './', '', []],
  ['needless parts', './/web/./a//b/', 'web', ['a', 'b']],
  ['names that only look odd', './web/...', 'web', ['...']],
  ['a line break, a backslash, a colon', './web/a\nb\\c:d', 'web', ['a\nb\\c:d']],
  ['names of objects', './web/__proto__/constructor', 'web', ['__proto__', 'constructor']],
])('%s', (_, name, top, parts) => {
  expect(entryPath(name, top, 'linux')).toEqual(parts);
});

test.each([
  ['an absolute path', '/etc/passwd', 'web'],
  ['an absolute path from the root', '/etc/passwd', ''],
  ['a way up', './web/../../etc/passwd', 'web'],
  ['a way up and down again', './web/a/../b', 'web'],
  ['a way up from the root', '../etc/passwd', ''],
  ['something else', './other/a', 'web'],
  ['something that begins alike', './web2/a', 'web'],
  ['nothing', '', 'web'],
  ['a NUL', './web/a\0b', 'web'],
])('refuses %s', (_, name, top) => {
  expect(() => entryPath(name, top, 'linux')).toThrow(/^the container's tar sent .*, which is not to be written$/);
});

test.each(['a\\b', '..\\b', 'C:', 'a:b', 'nul', 'Con.txt', 'a ', 'a.', 'what?'])('refuses %j on Windows', (name) => {
  expect(() => entryPath(`./web/${name}`, 'web', 'win32')).toThrow('not to be written');
});

test('shows little of a long name, and no control characters', () => {
  const fault = (): unknown => entryPath(`/\u001b[2J${'x'.repeat(10_000)}`, 'web');
  expect(fault).toThrow(/^.{0,300}$/);
});
