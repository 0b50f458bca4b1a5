import { ExecPlugin } from '@client-ts/auth';
import type { Transport } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { withTransport } from './with-transport.js';

const config = { host: 'https://one', namespace: 'default' };

test('a transport that is there stays', () => {
  const transport = {} as Transport;
  expect(withTransport({ ...config, transport }, { HTTPS_PROXY: 'http://p' })).toEqual({ ...config, transport });
});

test('files that cannot be read are the error of the request, and name the file', async () => {
  const { transport } = withTransport(config, {}, { files: { ca: '/nowhere/ca.pem' } });
  await using _disposable = transport;
  await expect(transport?.request({ method: 'GET', url: new URL('https://one'), headers: {} })).rejects.toThrow(
    'tls.ca: cannot read /nowhere/ca.pem',
  );
});

test('a plugin is asked before the server is', async () => {
  const plugin = new ExecPlugin(
    { command: 'x', apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never' },
    { policy: { type: 'DenyAll' } },
  );
  const { transport } = withTransport(config, {}, { plugin });
  await using _disposable = transport;
  await expect(transport?.request({ method: 'GET', url: new URL('https://one'), headers: {} })).rejects.toMatchObject({
    failure: 'not-allowed',
  });
});
