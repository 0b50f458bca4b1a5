import { mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packTar, type TarEntry } from 'modern-tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CopyTally } from './copy-options.js';
import { unpackFiles } from './unpack-files.js';

let directory: string;
let target: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'unpack-test-'));
  target = path.join(directory, 'target');
});
afterEach(() => rm(directory, { recursive: true }));

const file = (name: string, body = name): TarEntry => ({ header: { name, size: body.length, mode: 0o4755 }, body });

async function unpack(entries: TarEntry[], cut = 0): Promise<CopyTally> {
  const tally = new CopyTally(undefined);
  const archive = await packTar(entries);
  const cutOff = new Blob([archive.subarray(0, archive.length - cut)]).stream() as ReadableStream<Uint8Array>;
  await unpackFiles(cutOff, 'top', target, tally);
  return tally;
}

test('writes files and directories, and says what it skipped', async () => {
  const tally = await unpack([
    { header: { name: './top/', size: 0, type: 'directory' } },
    { header: { name: './top/empty/', size: 0, type: 'directory' } },
    file('./top/new/deep/file', 'text'),
    { header: { name: './top/twin', size: 0, type: 'link', linkname: './top/new/deep/file' } },
    { header: { name: './top/link', size: 0, type: 'symlink', linkname: '/etc/passwd' } },
    { header: { name: './top/pipe', size: 0, type: 'fifo' } },
    { header: { name: './top/lost', size: 0, type: 'link', linkname: './top/never' } },
  ]);
  expect((await readdir(target, { recursive: true })).toSorted()).toEqual([
    'empty',
    'new',
    'new/deep',
    'new/deep/file',
    'twin',
  ]);
  expect(await readFile(path.join(target, 'twin'), 'utf8')).toBe('text');
  expect((await stat(path.join(target, 'new/deep/file'))).mode & 0o4777).toBe(0o755 & ~process.umask());
  expect(tally.summary).toEqual({
    files: 2,
    bytes: 4,
    skipped: [
      { path: 'link', type: 'symlink' },
      { path: 'pipe', type: 'fifo' },
      { path: 'lost', type: 'link' },
    ],
  });
});

test('writes a single file, or into a directory that is there', async () => {
  await unpack([file('./top', 'one')]);
  expect(await readFile(target, 'utf8')).toBe('one');
  await rm(target);
  await unpack([{ header: { name: './top/', size: 0, type: 'directory' } }]);
  await unpack([file('./top', 'two')]);
  expect(await readFile(path.join(target, 'top'), 'utf8')).toBe('two');
});

test.each<[string, TarEntry[]]>([
  ['a way out', [file('./top/../../out')]],
  ['an absolute path', [file(path.join(tmpdir(), 'out'))]],
  ['another top', [file('./other')]],
  [
    'a hard link to the outside',
    [
      file('./top/a'),
      { header: { name: './top/b', size: 0, type: 'link', linname: '', linkname: '/etc/passwd' } as never },
    ],
  ],
  [
    'a file below a link that it brought',
    [{ header: { name: './top/a', size: 0, type: 'symlink', linkname: '..' } }, file('./top/a/../out')],
  ],
  ['a file below a file', [file('./top/a'), file('./top/a/b')]],
])('refuses %s', async (_, entries) => {
  await expect(unpack(entries)).rejects.toThrow(/not to be written|points outside|EEXIST|ENOTDIR/);
  expect((await readdir(directory)).filter((name) => name !== 'target')).toEqual([]);
});

test('writes through no link that stands where a file is to be', async () => {
  const outside = path.join(directory, 'outside');
  await writeFile(outside, 'untouched');
  await unpack([{ header: { name: './top/', size: 0, type: 'directory' } }]);
  await symlink(outside, path.join(target, 'file'));
  await expect(unpack([file('./top/file')])).rejects.toMatchObject({ code: 'ELOOP' });
  expect(await readFile(outside, 'utf8')).toBe('untouched');
});

test('leaves no part of a file behind, and no doubt', async () => {
  await expect(unpack([file('./top/file', 'x'.repeat(10_000))], 5000)).rejects.toThrow(/truncated/i);
  expect(await readdir(target)).toEqual([]);
});
