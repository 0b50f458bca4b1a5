import { lstat, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileStore } from './file-store.js';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import { KeyPair } from './key-pair.js';
import { formatPrivateKey, generateKey } from './private-key.js';

const authority = await newAuthority({ commonName: 'ca' });
const [first, second] = (await Promise.all(['first', 'second'].map(newPair))) as [KeyPair, KeyPair];

async function newPair(commonName: string): Promise<KeyPair> {
  const key = await generateKey();
  const cert = await issueCertificate(authority, { key, commonName, purposes: [] });
  return new KeyPair({ cert: cert + authority.cert, key: formatPrivateKey(key) });
}

let directory: string;
let clock: FakeClock;
let store: FileStore;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'client-ts-store-'));
  clock = new FakeClock(Date.UTC(2026, 0, 2, 3, 4, 5));
  store = new FileStore({ prefix: 'kubelet', directory, clock });
});
afterEach(() => rm(directory, { recursive: true }));

const at = (name: string): string => path.join(directory, name);
const subjectOf = async (of: FileStore): Promise<string | undefined> => (await of.current())?.leaf.subject;

test('TestCurrentNoFiles', async () => {
  expect(await store.current()).toBeUndefined();
});

test('TestUpdateNoRotation: a file with the pair, for its owner only, and a link to it', async () => {
  await store.update(first);
  const file = 'kubelet-2026-01-02-03-04-05.pem';
  expect(await readdir(directory)).toEqual([file, 'kubelet-current.pem']);
  expect(await readlink(store.currentPath)).toBe(file);
  expect((await stat(at(file))).mode & 0o777).toBe(0o600);
  expect(await readFile(store.currentPath, 'utf8')).toBe(first.cert + first.key);
});

test('TestUpdateRotation, TestUpdateTwoCerts: the next takes its place, also within the same second', async () => {
  await store.update(first);
  await store.update(second);
  expect(await readdir(directory)).toEqual([
    'kubelet-2026-01-02-03-04-05-1.pem',
    'kubelet-2026-01-02-03-04-05.pem',
    'kubelet-current.pem',
  ]);
  const current = await store.current();
  expect(current?.cert).toBe(second.cert);
  expect(current?.key).toBe(second.key);
});

test('whoever reads while it is replaced finds one pair or the other', async () => {
  await store.update(first);
  const seen = new Set<string | undefined>();
  for (let i = 0; i < 20; i++) {
    const reading = Array.from({ length: 5 }, () => subjectOf(store));
    await store.update(i % 2 ? first : second);
    for (const subject of await Promise.all(reading)) seen.add(subject);
  }
  expect(seen).toEqual(new Set(['CN=first', 'CN=second']));
});

test.each([
  ['TestUpdateSymlinkExistingFileError', 'kubelet-current.pem'],
  ['a file where the link is prepared', 'kubelet-updated.pem'],
])('%s: what is no link is not replaced', async (_, name) => {
  await writeFile(at(name), 'mine');
  await expect(store.update(first)).rejects.toThrow(`expected ${at(name)} to be a symbolic link, but it is a file`);
  expect(await readFile(at(name), 'utf8')).toBe('mine');
});

test('TestUpdateSymlinkReplaceExistingSymlink: a link that was left over is replaced', async () => {
  await symlink('nowhere', at('kubelet-updated.pem'));
  await store.update(first);
  expect(await subjectOf(store)).toBe('CN=first');
  await expect(lstat(at('kubelet-updated.pem'))).rejects.toThrow('ENOENT');
});

test('a switch that was interrupted is finished', async () => {
  await store.update(first);
  const file = await readlink(store.currentPath);
  await rm(store.currentPath);
  await symlink(file, at('kubelet-updated.pem'));
  expect(await subjectOf(store)).toBe('CN=first');
  expect(await readlink(store.currentPath)).toBe(file);
});

test('TestCurrentPairFile, TestCurrentCertKeyFiles: the first that is there counts', async () => {
  const given = new FileStore({ prefix: 'kubelet', directory, certFile: at('my.crt'), keyFile: at('my.key') });
  await writeFile(at('kubelet.crt'), first.cert);
  expect(await given.current()).toBeUndefined();
  await writeFile(at('kubelet.key'), first.key);
  expect(await subjectOf(given)).toBe('CN=first');
  await writeFile(at('my.crt'), second.cert);
  await writeFile(at('my.key'), second.key);
  expect(await subjectOf(given)).toBe('CN=second');
  await given.update(first);
  expect(await subjectOf(given)).toBe('CN=first');
});

test('TestUpdateWithBadCertKeyData, TestLoadFile: what is no pair is said, with its file and nothing of it', async () => {
  await writeFile(at('kubelet-current.pem'), 'secret');
  const message = `${at('kubelet-current.pem')}: the text holds no certificate in PEM`;
  await expect(store.current()).rejects.toThrow(new TypeError(message));
  await rm(at('kubelet-current.pem'));
  await writeFile(at('kubelet.crt'), first.cert);
  await writeFile(at('kubelet.key'), second.key);
  await expect(store.current()).rejects.toThrow(
    `${at('kubelet.crt')}, ${at('kubelet.key')}: the private key is not that of the certificate`,
  );
});
