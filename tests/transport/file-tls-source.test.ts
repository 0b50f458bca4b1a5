import { FakeClock } from '@client-ts/apimachinery/testing';
import { newCertificateAuthority } from '@client-ts/envtest';
import type { TlsConfig } from '@client-ts/rest';
import { fileTlsSource, type FileTlsSourceOptions } from '@client-ts/transport';
import { expect, test, vi } from 'vitest';
import { failureOf } from './case.js';

const authority = await newCertificateAuthority('one');
const other = await newCertificateAuthority('other');
const ann = await authority.issue({ commonName: 'ann' });
const bob = await authority.issue({ commonName: 'bob' });

const paths = { ca: '/ca.crt', cert: '/tls.crt', key: '/tls.key' };

/** Files that hold what `content` says; absent ones cannot be read. */
function setUp(options: FileTlsSourceOptions = {}) {
  const clock = new FakeClock();
  const content: Record<string, string | undefined> = {
    '/ca.crt': authority.cert,
    '/tls.crt': ann.cert,
    '/tls.key': ann.key,
  };
  const onError = vi.fn<(error: Error) => void>();
  const files = { content, reads: 0 };
  const source = fileTlsSource(paths, {
    clock,
    onError,
    read: async (path) => {
      files.reads++;
      const text = content[path];
      if (text === undefined) throw new Error('ENOENT: no such file or directory');
      return text;
    },
    ...options,
  });
  return { clock, content, files, onError, source };
}

test('what is not a file is added as it is', async () => {
  const { source } = setUp({ tls: { serverName: 'kubernetes' } });
  expect(await source({})).toEqual({ ca: authority.cert, cert: ann.cert, key: ann.key, serverName: 'kubernetes' });
});

test('many requests at once read the files once, and get the same object', async () => {
  const { source, files } = setUp();
  const all = await Promise.all(Array.from({ length: 10 }, async () => source({})));
  expect(new Set(all).size).toBe(1);
  expect(files.reads).toBe(3);
});

test('files are read again within ten seconds, and not before', async () => {
  const { clock, content, files, source } = setUp();
  const first = await source({});
  content['/ca.crt'] = other.cert;
  await clock.advance(9_999);
  expect(source({})).toBe(first);
  await clock.advance(1);
  expect(await source({})).toMatchObject({ ca: other.cert });
  expect(files.reads).toBe(6);
});

test('files that are read again and have not changed give the same object', async () => {
  const { clock, source } = setUp();
  const first = await source({});
  await clock.advance(10_000);
  expect(await source({})).toBe(first);
});

test('after a handshake that failed they are read at once; what was replaced meanwhile is not', async () => {
  const { content, files, source } = setUp();
  const first = await source({});
  Object.assign(content, { '/tls.crt': bob.cert, '/tls.key': bob.key });
  const second = await source({ rejected: first });
  expect(second).toMatchObject({ cert: bob.cert, key: bob.key });
  expect(await source({ rejected: first })).toBe(second);
  expect(files.reads).toBe(6);
  expect(await source({ rejected: second })).toBe(second);
});

const half = (pem: string): string => pem.slice(0, pem.length / 2);

test.each<[string, Record<string, string | undefined>, string]>([
  ['a file that is gone', { '/ca.crt': undefined }, 'tls.ca: cannot read /ca.crt: ENOENT'],
  ['an empty file', { '/ca.crt': '' }, 'tls.ca: /ca.crt is half written, or no PEM text'],
  [
    'authorities of which one is half written',
    { '/ca.crt': `${authority.cert}\n${half(other.cert)}` },
    'tls.ca: /ca.crt is half written, or no PEM text',
  ],
  [
    'authorities that run together',
    { '/ca.crt': authority.cert.trimEnd() + other.cert },
    'tls.ca: /ca.crt is half written, or no PEM text',
  ],
  [
    'a certificate that is half written',
    { '/tls.crt': half(bob.cert) },
    'tls.cert: /tls.crt is half written, or no PEM text',
  ],
  ['a key that is half written', { '/tls.key': half(bob.key) }, 'tls.key: /tls.key is half written, or no PEM text'],
  ['a certificate whose key has not come yet', { '/tls.crt': bob.cert }, 'the certificates or the key cannot be used'],
  [
    'damaged authorities',
    { '/ca.crt': `${authority.cert}\n${other.cert.replaceAll(/[0-9]/g, '!')}` },
    'config.tls.ca: certificate 2 cannot be read: ',
  ],
])('%s leaves in use what there was, and is reported once', async (_, damage, message) => {
  const { clock, content, onError, source } = setUp();
  const first = await source({});
  const before = { ...content };
  Object.assign(content, damage);
  const toTransport = vi.fn<(error: Error) => void>();
  for (let i = 0; i < 3; i++) {
    await clock.advance(10_000);
    expect(await source({ onError: toTransport })).toBe(first);
  }
  expect(onError).toHaveBeenCalledOnce();
  expect(toTransport).toHaveBeenCalledOnce();
  const [[error] = []] = onError.mock.calls;
  expect(error?.message).toContain(message);
  expect(error?.message).not.toContain(bob.key.slice(40, 80));
  Object.assign(content, before, { '/tls.crt': bob.cert, '/tls.key': bob.key });
  await clock.advance(10_000);
  expect(await source({})).toMatchObject({ cert: bob.cert });
});

test('without anything to begin with it rejects, and names the file', async () => {
  const { content, source } = setUp();
  content['/tls.key'] = undefined;
  const error = await failureOf(Promise.resolve(source({})));
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toContain('/tls.key');
  content['/tls.key'] = ann.key;
  expect(await source({})).toMatchObject({ key: ann.key } satisfies TlsConfig);
});
