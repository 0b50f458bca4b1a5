import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import type { TokenSource } from '@client-ts/rest';
import { expect, test, vi } from 'vitest';
import { fileTokenSource } from './file-token-source.js';

/** A file that holds what `content` says, or fails as it does. */
function setUp(content: string | Error) {
  const clock = new FakeClock();
  const file = { content, reads: 0 };
  const onError = vi.fn<(error: Error) => void>();
  const source: TokenSource = fileTokenSource('/token', {
    clock,
    onError,
    read: async () => {
      file.reads++;
      if (file.content instanceof Error) throw file.content;
      return file.content;
    },
  });
  return { clock, file, onError, source };
}

test('the token comes without the white space around it', async () => {
  const { source } = setUp(' token\n');
  expect(await source({})).toBe('token');
});

test('many requests at once read the file once', async () => {
  const { source, file } = setUp('token');
  expect(new Set(await Promise.all(Array.from({ length: 10 }, () => source({}))))).toEqual(new Set(['token']));
  expect(file.reads).toBe(1);
});

test('the file is read again within a minute, and not before it is due', async () => {
  const { clock, source, file } = setUp('first');
  await source({});
  file.content = 'second';
  await clock.advance(49_999);
  expect(await source({})).toBe('first');
  await clock.advance(1);
  expect(await source({})).toBe('second');
  expect(file.reads).toBe(2);
});

test('a token that was refused is read again at once; one that was replaced meanwhile is not', async () => {
  const { source, file } = setUp('first');
  await source({});
  file.content = 'second';
  expect(await source({ rejected: 'first' })).toBe('second');
  expect(await source({ rejected: 'first' })).toBe('second');
  expect(file.reads).toBe(2);
});

test('a file that has nothing newer gives the refused token again', async () => {
  const { source } = setUp('same');
  await source({});
  expect(await source({ rejected: 'same' })).toBe('same');
});

test.each([
  ['cannot be read', new Error('EACCES: permission denied')],
  ['is empty', '\n'],
])('when the file %s, the token of before stays in use, and somebody is told', async (_, content) => {
  const { clock, source, file, onError } = setUp('token');
  await source({});
  file.content = content;
  await clock.advance(60_000);
  expect(await source({})).toBe('token');
  expect(onError.mock.calls.map(([{ message }]) => message)).toEqual([
    expect.stringContaining('cannot read a token from /token: '),
  ]);
  file.content = 'newer';
  expect(await source({})).toBe('token');
  await clock.advance(10_000);
  expect(await source({})).toBe('newer');
});

test.each([
  [new Error('ENOENT: no such file'), 'cannot read a token from /token: ENOENT: no such file'],
  ['', 'cannot read a token from /token: the file is empty'],
])('without any token, %s is the failure of the request, until there is one', async (content, message) => {
  const { source, file, onError } = setUp(content);
  await expect(source({})).rejects.toThrow(message);
  expect(onError).not.toHaveBeenCalled();
  file.content = 'token';
  expect(await source({})).toBe('token');
});

test('an aborted signal rejects with its reason', async () => {
  const { source, file } = setUp('token');
  await expect(source({ signal: AbortSignal.abort(new Error('mine')) })).rejects.toThrow('mine');
  expect(file.reads).toBe(0);
});

test('who aborts does not wait for the file', async () => {
  const source = fileTokenSource('/token', { read: () => new Promise(() => undefined) });
  const controller = new AbortController();
  const token = source({ signal: controller.signal });
  controller.abort(new Error('mine'));
  await expect(token).rejects.toThrow('mine');
});

test('files are read from the disk', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'token-'));
  try {
    const file = path.join(directory, 'token');
    await writeFile(file, 'token\n');
    expect(await fileTokenSource(file)({})).toBe('token');
    await expect(fileTokenSource(path.join(directory, 'none'))({})).rejects.toThrow(/none: ENOENT/);
  } finally {
    await rm(directory, { recursive: true });
  }
});
