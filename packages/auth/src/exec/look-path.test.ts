import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookPath } from './look-path.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'look-path-'));
  await mkdir(path.join(directory, 'one/folder'), { recursive: true });
  await mkdir(path.join(directory, 'two'));
  for (const [file, mode] of [
    ['one/text', 0o600],
    ['two/text', 0o700],
    ['two/folder', 0o700],
    ['one/both', 0o700],
    ['two/both', 0o700],
  ] as const) {
    await writeFile(path.join(directory, file), '');
    await chmod(path.join(directory, file), mode);
  }
});
afterAll(() => rm(directory, { recursive: true }));

test.each([
  ['both', 'one/both'],
  ['text', 'two/text'],
  ['folder', 'two/folder'],
  ['absent', undefined],
  ['', undefined],
])('%j is %s', async (command, expected) => {
  const env = { PATH: ['one', 'two'].map((name) => path.join(directory, name)).join(path.delimiter) };
  expect(await lookPath(command, env)).toBe(expected && path.join(directory, expected));
});

test('a path is itself, if there is a program', async () => {
  const file = path.join(directory, 'two/text');
  expect(await lookPath(file, {})).toBe(file);
  expect(await lookPath(path.join(directory, 'one/text'), {})).toBeUndefined();
});

test('a path in the working directory is no name that is searched', async () => {
  const here = process.cwd();
  process.chdir(path.join(directory, 'two'));
  try {
    const env = { PATH: path.join(directory, 'one') };
    expect(await lookPath('./both', env)).toBe(path.resolve('both'));
    expect(await lookPath('./folder/../both', env)).toBe(path.resolve('both'));
    expect(await lookPath('both', env)).toBe(path.join(directory, 'one/both'));
  } finally {
    process.chdir(here);
  }
});

test('the working directory is not searched', async () => {
  const relative = path.relative(process.cwd(), path.join(directory, 'one'));
  expect(await lookPath('both', { PATH: [relative, '.', ''].join(path.delimiter) })).toBeUndefined();
  expect(await lookPath('both', {})).toBeUndefined();
});
