import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './replace-file.js';

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'replace-'));
  file = path.join(directory, 'config');
});
afterEach(() => rm(directory, { recursive: true }));

test('a new file is its owner’s alone', async () => {
  await replaceFile(file, 'new');
  expect(await readFile(file, 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test.each([0o600, 0o640, 0o644])('a file keeps its permissions: %o', async (mode) => {
  await writeFile(file, 'old');
  await chmod(file, mode);
  const before = await stat(file);
  await replaceFile(file, 'new');
  const after = await stat(file);
  expect(after.mode & 0o777).toBe(mode);
  expect(await readFile(file, 'utf8')).toBe('new');
  // Another file took its place: whoever reads the old one reads it to the end.
  expect(after.ino).not.toBe(before.ino);
  expect(await readdir(directory)).toEqual(['config']);
});

test('a symbolic link stays one', async () => {
  const target = path.join(directory, 'dotfiles');
  await mkdir(target);
  await writeFile(path.join(target, 'config'), 'old');
  await symlink('dotfiles/config', file);
  await replaceFile(file, 'new');
  expect((await lstat(file)).isSymbolicLink()).toBe(true);
  expect(await readFile(path.join(target, 'config'), 'utf8')).toBe('new');
});

test('a symbolic link that leads nowhere leads to the new file', async () => {
  await symlink('later', file);
  await replaceFile(file, 'new');
  expect(await readFile(path.join(directory, 'later'), 'utf8')).toBe('new');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test('a directory is not replaced, and nothing is left behind', async () => {
  await mkdir(file);
  await expect(replaceFile(file, 'new')).rejects.toMatchObject({ code: 'EISDIR' });
  expect(await readdir(directory)).toEqual(['config']);
});

test('without a directory there is an error', async () => {
  await expect(replaceFile(path.join(directory, 'none/config'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
});
