import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, test } from 'vitest';
import { CertificateManager } from './certificate-manager.js';
import { generateKey } from './private-key.js';
import { selfSignedCertificate } from './self-signed.js';
import { serverCertificates } from './server-certificates.js';
import { serverUsages } from './key-usages.js';
import { SigningServer } from './signing-server.test.kit.js';

/** Runs a server on loopback while `use` does something with its port. */
async function whileListening(server: ReturnType<typeof createTcpServer>, use: (port: number) => Promise<void>) {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

test('a server shows its certificate and those that come after it, trusted or not', async () => {
  const { cert, key } = await selfSignedCertificate({ host: 'localhost' });
  await whileListening(createServer({ cert, key }), async (port) => {
    const certificates = await serverCertificates(`https://127.0.0.1:${port}`);
    expect(certificates.map(({ subject }) => subject.replace(/@\d+$/, ''))).toEqual([
      'CN=localhost',
      'CN=localhost-ca',
    ]);
    expect(certificates.join('')).toBe(cert);
  });
});

test('a server with several certificates is asked by name', async () => {
  const [one, two] = await Promise.all(['one', 'two'].map((host) => selfSignedCertificate({ host })));
  const server = createServer({ ...one });
  server.addContext('two', two ?? {});
  await whileListening(server, async (port) => {
    const subjectFor = async (serverName?: string): Promise<string | undefined> =>
      (await serverCertificates(`https://127.0.0.1:${port}`, { serverName }))[0]?.subject;
    expect(await subjectFor()).toMatch(/^CN=one@/);
    expect(await subjectFor('two')).toMatch(/^CN=two@/);
  });
});

test('whoever is no server, or does not answer, is an error', async () => {
  await expect(serverCertificates('http://localhost')).rejects.toThrow('url: expected https:, got http:');
  await whileListening(
    createTcpServer((socket) => socket.end('no TLS')),
    async (port) => {
      await expect(serverCertificates(`https://127.0.0.1:${port}`)).rejects.toThrow(/SSL|TLS/);
    },
  );
  const controller = new AbortController();
  const silent = createTcpServer(() => controller.abort(new Error('enough')));
  await whileListening(silent, async (port) => {
    const { signal } = controller;
    await expect(serverCertificates(`https://127.0.0.1:${port}`, { signal })).rejects.toThrow('enough');
  });
});

test('a TLS server takes over each new certificate of a manager', async () => {
  await using signing = await SigningServer.start();
  const server = createServer();
  const key = await generateKey();
  let rotated: () => void = () => undefined;
  await using manager = await CertificateManager.start({
    config: signing.config,
    signerName: 'example.com/serving',
    template: { commonName: 'server', dnsNames: ['localhost'] },
    usages: serverUsages,
    generateKey: () => key,
    clock: signing.clock,
    observer: ({ type }) => {
      const current = manager.current();
      if (type !== 'rotated' || !current) return;
      server.setSecureContext(current);
      rotated();
    },
  });
  await whileListening(server, async (port) => {
    for (let round = 1; round <= 2; round++) {
      const request = await signing.advanceUntil(round);
      expect(request.spec.usages).toEqual(['digital signature', 'server auth']);
      const rotation = new Promise<void>((resolve) => (rotated = resolve));
      await signing.issue(request);
      await rotation;
      const [leaf] = await serverCertificates(`https://127.0.0.1:${port}`);
      expect(leaf?.toString()).toBe(manager.current()?.cert);
    }
  });
});
