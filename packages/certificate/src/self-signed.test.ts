import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, createServer } from 'node:tls';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { parseCertificates } from './certificate-pem.js';
import { selfSignedCertificate } from './self-signed.js';

const clock = new FakeClock(Date.UTC(2020, 0, 1));

// TestSelfSignedCertHasSAN
test.each([
  [
    { host: 'server', alternateIPs: ['10.0.0.1'], alternateDNS: ['other'] },
    'DNS:server, DNS:other, IP Address:10.0.0.1',
  ],
  [{ host: '10.0.0.1', alternateDNS: ['other'] }, 'DNS:other, IP Address:10.0.0.1'],
])('%j are in the certificate', async (options, subjectAltName) => {
  const [leaf, authority] = parseCertificates((await selfSignedCertificate({ ...options, clock })).cert);
  expect(leaf).toMatchObject({
    subjectAltName,
    validFrom: 'Dec 31 23:00:00 2019 GMT',
    validTo: 'Dec 31 00:00:00 2020 GMT',
  });
  expect(leaf?.subject).toBe(`CN=${options.host}@1577836800`);
  expect(authority?.subject).toBe(`CN=${options.host}-ca@1577836800`);
});

test.each(['ecdsa-p256', 'rsa-2048'] as const)('who trusts it trusts the server, with %s', async (algorithm) => {
  const { cert, key } = await selfSignedCertificate({ host: 'localhost', algorithm });
  const server = createServer({ cert, key }, (socket) => socket.end('hello')).listen(0, '127.0.0.1');
  try {
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: cert });
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toBe('hello');
  } finally {
    server.close();
  }
});

test('fixtures are made once, for a hundred years', async () => {
  const fixtureDirectory = await mkdtemp(path.join(tmpdir(), 'client-ts-fixtures-'));
  try {
    const options = {
      host: 'localhost',
      alternateIPs: ['127.0.0.1', '::1'],
      alternateDNS: ['a', 'b'],
      fixtureDirectory,
    };
    const made = await selfSignedCertificate({ ...options, clock });
    expect(await selfSignedCertificate(options)).toEqual(made);
    const name = 'localhost_127.0.0.1-::1_a-b';
    expect(await readdir(fixtureDirectory)).toEqual([`${name}.crt`, `${name}.key`]);
    expect(await readFile(path.join(fixtureDirectory, `${name}.crt`), 'utf8')).toBe(made.cert);
    expect(parseCertificates(made.cert)[0]?.validTo).toBe('Dec  8 00:00:00 2119 GMT');
  } finally {
    await rm(fixtureDirectory, { recursive: true });
  }
});

test('a host that is none gives no file', async () => {
  await expect(selfSignedCertificate({ host: '../x', fixtureDirectory: tmpdir() })).rejects.toThrow(
    'options.dnsNames[0]: expected a DNS name, got "../x"',
  );
});
