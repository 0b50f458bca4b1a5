import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { newCertificateAuthority } from '@client-ts/envtest';
import { expect, test } from 'vitest';
import { Peer } from './peer.js';
import { startHttpProxy, startSocks5Proxy } from './proxy-peer.js';

const program = path.join(import.meta.dirname, 'exits.ts');

test('idle connections of every kind do not keep a process alive', async () => {
  const authority = await newCertificateAuthority('exit tests');
  const certificate = await authority.issue({ commonName: 'server', addresses: ['127.0.0.1'] });
  await using plain = await Peer.start(() => ({ body: 'hello' }));
  await using secure = await Peer.start(() => ({ body: 'hello' }), certificate);
  const targetPort = Number(secure.url().port);
  await using http = await startHttpProxy({ targetPort });
  await using https = await startHttpProxy({ targetPort }, certificate);
  await using socks5 = await startSocks5Proxy({ targetPort });
  const tls = { ca: authority.cert };
  const configs = [
    { url: plain.url().href },
    { url: secure.url().href, tls },
    { url: secure.url().href, tls, proxyUrl: `http://127.0.0.1:${http.port}` },
    { url: secure.url().href, tls, proxyUrl: `https://127.0.0.1:${https.port}` },
    { url: secure.url().href, tls, proxyUrl: `socks5://127.0.0.1:${socks5.port}` },
  ];
  const args = ['--import', 'tsx', program, JSON.stringify(configs)];
  // Its connections stay open for 45 s if it is let; and so do the servers'.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: path.dirname(program) });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(configs.map(() => 'hello'));
});
