import { settle } from '@client-ts/apimachinery/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newCertificateRequest } from './certificate-request.js';
import { formatPem } from './pem.js';
import { generateKey } from './private-key.js';
import { requestCertificate, type RequestCertificateOptions, textOf } from './request-certificate.js';
import { SigningServer } from './signing-server.test.kit.js';
import { waitForCertificate } from './wait-for-certificate.js';

const key = await generateKey();
const request = await newCertificateRequest(key, { commonName: 'something', organizations: ['test'] });
const options: RequestCertificateOptions = { request, signerName: 'example.com/test', usages: ['client auth'], key };

let server: SigningServer;
beforeEach(async () => {
  server = await SigningServer.start();
});
afterEach(() => server[Symbol.asyncDispose]());

const ask = (more: Partial<RequestCertificateOptions> = {}) =>
  requestCertificate(server.config, { ...options, clock: server.clock, ...more });

test('a request gets a name of its own, and says what is wanted', async () => {
  const { name, uid } = await ask({ requestedDurationMs: 600_999 });
  const created = await server.requests.get(name);
  expect(name).toMatch(/^csr-/);
  expect(created.metadata?.uid).toBe(uid);
  expect({ ...created.spec, request: textOf(created.spec.request) }).toEqual({
    request,
    signerName: 'example.com/test',
    usages: ['client auth'],
    expirationSeconds: 600,
  });
});

test.each([599_999, Number.NaN, 2 ** 31 * 1000])(
  'a duration of %d ms cannot be asked for',
  async (requestedDurationMs) => {
    await expect(ask({ requestedDurationMs })).rejects.toThrow(
      'requestedDurationMs: expected milliseconds from 600000 on',
    );
  },
);

describe('TestEnsureCompatible: a request of that name', () => {
  test.each<[string, Partial<RequestCertificateOptions>]>([
    ['with the same signer', {}],
    ["nil signerName on 'new' matches any signerName on 'orig'", { signerName: '' }],
  ])('is taken up: %s', async (_, first) => {
    const ref = await ask({ name: 'mine', ...first });
    expect(await ask({ name: 'mine' })).toEqual(ref);
    expect(await server.all()).toHaveLength(1);
  });

  test.each<[string, () => Promise<Partial<RequestCertificateOptions>>, string]>([
    ['another signer', async () => ({ signerName: 'example.com/not-test' }), 'its signer is "example.com/test"'],
    [
      'another subject',
      async () => ({ request: await newCertificateRequest(key, { commonName: 'else' }) }),
      'it asks for another subject',
    ],
    ['another key', async () => ({ key: await generateKey() }), 'it was not signed with this key'],
    ['no key', async () => ({ key: undefined }), 'it was not signed with this key'],
  ])('is not with %s', async (_, second, reason) => {
    await ask({ name: 'mine' });
    await expect(ask({ name: 'mine', ...(await second()) })).rejects.toMatchObject({
      name: 'CertificateRequestError',
      failure: 'incompatible',
      message: `the certificate signing request "mine" that is there cannot be taken up: ${reason}`,
    });
  });

  test('is taken up until its certificate has expired', async () => {
    const ref = await ask({ name: 'mine' });
    await server.issue(await server.newest(1), { maxAgeMs: 1000 });
    expect(await ask({ name: 'mine' })).toEqual(ref);
    await server.clock.advance(2000);
    await expect(ask({ name: 'mine' })).rejects.toThrow('its certificate has expired');
  });

  test('with garbage in it is an error', async () => {
    const garbage = formatPem('CERTIFICATE REQUEST', Buffer.from('x'));
    await ask({ name: 'mine', request: garbage });
    await expect(ask({ name: 'mine' })).rejects.toThrow('the certificate request cannot be read');
  });
});

describe('who waits', () => {
  test('gets the certificate once it is approved and signed, and hears nothing of other requests', async () => {
    const [ref, other] = [await ask(), await ask()];
    const waiting = waitForCertificate(server.config, ref, { clock: server.clock });
    await settle();
    await server.update(await server.requests.get(other.name), 'Denied');
    await server.update(await server.requests.get(ref.name), 'Approved');
    const cert = await server.issue(await server.requests.get(ref.name));
    expect(await waiting).toBe(cert);
  });

  test('gets one that is there already', async () => {
    const ref = await ask();
    const cert = await server.issue(await server.requests.get(ref.name));
    expect(await waitForCertificate(server.config, ref)).toBe(cert);
  });

  test.each([
    ['Denied', 'denied', 'was denied: "Tested": "no\\nway"'],
    ['Failed', 'failed', 'has failed: "Tested": "no\\nway"'],
  ])('is told when it is %s', async (type, failure, text) => {
    const ref = await ask({ name: 'mine' });
    const waiting = waitForCertificate(server.config, ref);
    await server.update(await server.requests.get('mine'), type, undefined, 'no\nway');
    const message = `the certificate signing request "mine" ${text}`;
    await expect(waiting).rejects.toMatchObject({ name: 'CertificateRequestError', failure, message });
  });

  test('is told when it is deleted, or replaced', async () => {
    const ref = await ask({ name: 'mine' });
    const waiting = waitForCertificate(server.config, ref, { clock: server.clock });
    await server.api.waitForWatch({ group: 'certificates.k8s.io', resource: 'certificatesigningrequests' });
    await server.api.delivered();
    await server.requests.delete('mine');
    await expect(waiting).rejects.toThrow('the certificate signing request "mine" was deleted');
    await ask({ name: 'mine' });
    await expect(waitForCertificate(server.config, ref)).rejects.toThrow('was replaced by another one');
  });

  test('waits no longer than he wants to', async () => {
    const ref = await ask();
    const { clock } = server;
    const waiting = waitForCertificate(server.config, ref, { clock, timeoutMs: 1000 });
    waiting.catch(() => undefined);
    await clock.advance(1000);
    await expect(waiting).rejects.toMatchObject({ name: 'UntilTimeoutError' });
    const aborted = AbortSignal.abort('enough');
    await expect(waitForCertificate(server.config, ref, { signal: aborted })).rejects.toBe('enough');
  });
});
