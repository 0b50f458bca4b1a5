import { ApiServer } from '@client-ts/apiserver';
import { listen } from '@client-ts/apiserver/node';
import { newCertificateAuthority } from '@client-ts/envtest';
import { isTransportError, RestClient } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { expect, it } from 'vitest';
import { findKubectls, Kubectl } from './kubectl.js';

async function tlsOptions(): Promise<{ cert: string; key: string; ca: string }> {
  const authority = await newCertificateAuthority('in-memory');
  const { cert, key } = await authority.issue({ commonName: 'apiserver', addresses: ['127.0.0.1'] });
  return { cert, key, ca: authority.cert };
}

it('a listener with TLS is trusted by those who have its config, and by nobody else', async () => {
  await using server = new ApiServer();
  await using listener = await listen(server, { tls: await tlsOptions() });
  const config = listener.config();
  expect(config.host).toMatch(/^https:/);
  await using trusting = newTransport({ tls: config.tls });
  const version = await new RestClient({ host: config.host, transport: trusting }).json({
    method: 'GET',
    target: '/version',
  });
  expect(version).toMatchObject({ major: '1' });
  await using other = newTransport();
  const refused = new RestClient({ host: config.host, transport: other }).json({ method: 'GET', target: '/version' });
  const error = await refused.catch((reason: unknown) => reason);
  expect(isTransportError(error) && error.failure).toBe('tls');
});

it.for(findKubectls(['1.37']))(
  'kubectl $name finds the authority in the kubeconfig',
  async ({ path, missing }, { skip }) => {
    if (missing !== undefined) skip(missing);
    await using server = new ApiServer();
    await using listener = await listen(server, { tls: await tlsOptions() });
    await using kubectl = await Kubectl.create(path ?? '', listener.kubeconfig());
    expect(await kubectl.ok(['get', 'namespace', 'default', '-o', 'name'])).toBe('namespace/default');
  },
);
