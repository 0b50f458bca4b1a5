import { execFileSync } from 'node:child_process';
import { constants, statSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packTar, type TarEntry, type TarHeader } from 'modern-tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CopyTally } from './copy-options.js';
import { unpackFiles } from './unpack-files.js';

let directory: string;
let target: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'unpack-test-'));
  target = path.join(directory, 'target');
});
afterEach(() => rm(directory, { recursive: true }));

const entry = (type: NonNullable<TarHeader['type']>, name: string, header: Partial<TarHeader> = {}): TarEntry => ({
  header: { name, size: 0, type, ...header },
});
const file = (name: string, body = name): TarEntry => ({ header: { name, size: body.length, mode: 0o4755 }, body });

async function unpack(entries: TarEntry[], cut = 0, tally = new CopyTally(undefined)): Promise<CopyTally> {
  const archive = await packTar(entries);
  await unpackBytes(archive.subarray(0, archive.length - cut), tally);
  return tally;
}

const unpackBytes = (archive: Uint8Array<ArrayBuffer>, tally: CopyTally): Promise<void> =>
  unpackFiles(new Blob([archive]).stream(), 'top', target, tally);

const modeOf = async (name: string): Promise<string> =>
  ((await stat(path.join(target, name))).mode & 0o7777).toString(8);

test('writes files and directories, and says what it skipped', async () => {
  const tally = await unpack([
    entry('directory', './top/'),
    entry('directory', './top/empty/'),
    file('./top/new/deep/file', 'text'),
    entry('link', './top/twin', { linkname: './top/new/deep/file' }),
    entry('symlink', './top/link', { linkname: '/etc/passwd' }),
    entry('fifo', './top/pipe'),
    entry('link', './top/lost', { linkname: './top/never' }),
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
  await unpack([entry('directory', './top/')]);
  await unpack([file('./top', 'two')]);
  expect(await readFile(path.join(target, 'top'), 'utf8')).toBe('two');
});

test.each<[string, TarEntry[]]>([
  ['a way out', [file('./top/../../out')]],
  ['an absolute path', [file(path.join(tmpdir(), 'out'))]],
  ['another top', [file('./other')]],
  ['a hard link to the outside', [file('./top/a'), entry('link', './top/b', { linkname: '/etc/passwd' })]],
  [
    'a way out through a link that it brought',
    [entry('symlink', './top/a', { linkname: '..' }), file('./top/a/../out')],
  ],
  ['a file below a file', [file('./top/a'), file('./top/a/b')]],
])('refuses %s', async (_, entries) => {
  await expect(unpack(entries)).rejects.toThrow(/not to be written|points outside|is no directory/);
  expect((await readdir(directory)).filter((name) => name !== 'target')).toEqual([]);
});

describe('writes through no link', () => {
  let outside: string;
  beforeEach(async () => {
    outside = path.join(directory, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'file'), 'untouched');
    await mkdir(target);
  });
  afterEach(async () => {
    expect(await readdir(outside)).toEqual(['file']);
    expect(await readFile(path.join(outside, 'file'), 'utf8')).toBe('untouched');
  });

  test.each<[string, TarEntry[]]>([
    ['where a file is to be', [file('./top/link')]],
    [
      'where a file is to be that is one with another',
      [file('./top/a'), entry('link', './top/link', { linkname: './top/a' })],
    ],
  ])('that stands %s', async (_, entries) => {
    await symlink(path.join(outside, 'file'), path.join(target, 'link'));
    await expect(unpack(entries)).rejects.toThrow(/target\/link" is a link, which is not to be written through$/);
  });

  test.each<[string, TarEntry[]]>([
    ['where a directory is to be', [entry('directory', './top/link/')]],
    ['on the way to a file', [file('./top/link/file')]],
    ['on the way to a directory', [entry('directory', './top/link/deep/')]],
    ['on the way to another name of a file', [file('./top/a'), entry('link', './top/link/b', { linkname: './top/a' })]],
  ])('that stands %s', async (_, entries) => {
    await symlink(outside, path.join(target, 'link'));
    await expect(unpack(entries)).rejects.toThrow(/target\/link" is a link, which is not to be written through$/);
  });

  test('that nobody can tell from a file: its other name keeps what it has', async () => {
    await link(path.join(outside, 'file'), path.join(target, 'file'));
    await unpack([file('./top/file', 'new')]);
    expect(await readFile(path.join(target, 'file'), 'utf8')).toBe('new');
  });

  test('that the archive brings, as there is none', async () => {
    await unpack([entry('symlink', './top/link', { linkname: '../outside' }), file('./top/link/file', 'new')]);
    expect(await readFile(path.join(target, 'link/file'), 'utf8')).toBe('new');
  });

  test('but the target itself, which somebody here has named', async () => {
    const there = path.join(directory, 'there');
    await mkdir(there);
    await rm(target, { recursive: true });
    await symlink(there, target);
    await unpack([entry('directory', './top/'), file('./top/a/b', 'new')]);
    expect(await readFile(path.join(there, 'a/b'), 'utf8')).toBe('new');
  });
});

test('gives the directories that it makes their modes, once all is in them', async () => {
  const seen: number[] = [];
  const tally = new CopyTally(() => seen.push(statSync(path.join(target, 'closed')).mode & 0o700));
  await mkdir(path.join(target, 'there'), { recursive: true, mode: 0o700 });
  await unpack(
    [
      entry('directory', './top/', { mode: 0o755 }),
      entry('directory', './top/there/', { mode: 0o755 }),
      entry('directory', './top/closed/', { mode: 0o2500 }),
      file('./top/closed/within/file'),
      entry('directory', './top/closed/within/', { mode: 0o550 }),
    ],
    0,
    tally,
  );
  const modes = await Promise.all(['there', 'closed', 'closed/within', 'closed/within/file'].map(modeOf));
  // For them to be removed.
  for (const name of ['closed', 'closed/within']) await chmod(path.join(target, name), 0o700);
  expect([seen, modes]).toEqual([[0o700], ['700', '500', '550', '755']]);
});

test('gives directories their modes when the archive breaks off, too', async () => {
  const entries = [entry('directory', './top/', { mode: 0o500 }), file('./top/file', 'x'.repeat(10_000))];
  await expect(unpack(entries, 5000)).rejects.toThrow(/truncated/i);
  expect(await modeOf('')).toBe('500');
});

test('skips what has a name that is no UTF-8, for which another one might be taken', async () => {
  const archive = Buffer.from(await packTar([file('./top/ÿ', '1'), file('./top/þ', '2'), file('./top/ö', '3')]));
  // With the same sum, which is in the archive.
  for (const [good, bad] of [
    ['c3bf', 'ff83'],
    ['c3be', 'fe83'],
  ] as const) {
    const bytes = Buffer.from(good, 'hex');
    for (let at = archive.indexOf(bytes); at >= 0; at = archive.indexOf(bytes)) archive.write(bad, at, 'hex');
  }
  const tally = new CopyTally(undefined);
  await unpackBytes(archive, tally);
  expect(await readdir(target)).toEqual(['ö']);
  const skipped = { path: '\uFFFD\uFFFD', type: 'undecodable' };
  expect(tally.summary).toEqual({ files: 1, bytes: 1, skipped: [skipped, skipped] });
});

test('leaves no part of a file behind, and no doubt', async () => {
  await expect(unpack([file('./top/file', 'x'.repeat(10_000))], 5000)).rejects.toThrow(/truncated/i);
  expect(await readdir(target)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('never removes what is no file', async () => {
  execFileSync('mkfifo', [target]);
  await using _reader = await open(target, constants.O_RDONLY | constants.O_NONBLOCK);
  await expect(unpack([file('./top', 'x'.repeat(10_000))], 5000)).rejects.toThrow(/truncated/i);
  expect((await stat(target)).isFIFO()).toBe(true);
});
