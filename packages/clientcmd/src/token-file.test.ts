import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tokenFile } from './token-file.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'token-file-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('the token is what is in the file, without white space', async () => {
  const file = path.join(directory, 'token');
  await writeFile(file, 'secret\n');
  expect(await tokenFile(file)({})).toBe('secret');
});

test.each([
  ['a file that is not there', '/nowhere/token', 'cannot read a token from /nowhere/token: no such file'],
  ['a directory', '/', 'cannot read a token from /: is a directory'],
  ['a device without end', '/dev/zero', 'cannot read a token from /dev/zero: larger than 1048576 bytes'],
  ['a device without anything', '/dev/null', 'cannot read a token from /dev/null: the file is empty'],
  ['a path that controls the terminal', '/\u001b[2J', String.raw`cannot read a token from /\u001b[2J: no such file`],
])('%s is an error', async (_, file, message) => {
  const error = await tokenFile(file)({}).catch((error: unknown) => error as Error);
  expect(error).toMatchObject({ message });
});
