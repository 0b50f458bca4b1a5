import type { TlsConfig } from '@client-ts/rest';
import type { TlsSource } from '@client-ts/transport';
import { expect, test, vi } from 'vitest';
import type { CredentialSource, ExecCredential } from './exec-credential.js';
import { execTlsSource } from './exec-tls-source.js';

function setUp(base: TlsConfig | TlsSource, first: ExecCredential) {
  const plugin = { credential: vi.fn<CredentialSource['credential']>(() => Promise.resolve(first)) };
  return { plugin, source: execTlsSource(plugin, base) };
}

test('the certificate of the plugin is added to what there is', async () => {
  const { source } = setUp({ ca: 'ca' }, { cert: 'c', key: 'k', token: 't' });
  expect(await source({})).toEqual({ ca: 'ca', cert: 'c', key: 'k' });
});

test('without a certificate, what there is stays as it is', async () => {
  const base = { ca: 'ca' };
  expect(await setUp(base, { token: 't' }).source({})).toBe(base);
});

test('it is the same object, until the certificate is another', async () => {
  const { source, plugin } = setUp({}, { cert: 'c', key: 'k' });
  const one = await source({});
  plugin.credential.mockResolvedValue({ cert: 'c', key: 'k', token: 'new' });
  expect(await source({})).toBe(one);
  plugin.credential.mockResolvedValue({ cert: 'd', key: 'l' });
  expect(await source({})).toEqual({ cert: 'd', key: 'l' });
});

test('it is another object when what is below has changed', async () => {
  const base = vi.fn<TlsSource>(() => ({ ca: 'one' }));
  base.mockReturnValueOnce({ ca: 'zero' });
  const { source } = setUp(base, { cert: 'c', key: 'k' });
  expect(await source({})).toEqual({ ca: 'zero', cert: 'c', key: 'k' });
  expect(await source({})).toEqual({ ca: 'one', cert: 'c', key: 'k' });
});

test('a handshake that failed is a reason to ask again, below and above', async () => {
  const below = { ca: 'one' };
  const base = vi.fn<TlsSource>(() => below);
  const credential = { cert: 'c', key: 'k' };
  const { source, plugin } = setUp(base, credential);
  const rejected = await source({});
  const onError = (): void => undefined;
  const { signal } = new AbortController();
  await source({ rejected, signal, onError });
  expect(base).toHaveBeenLastCalledWith({ rejected: below, signal, onError });
  expect(plugin.credential).toHaveBeenLastCalledWith({ rejected: credential, signal });
  // Another identity than that of now has been replaced already.
  await source({ rejected: {} });
  expect(plugin.credential).toHaveBeenLastCalledWith({ rejected: undefined, signal: undefined });
});

test('a plugin without certificates has nothing to do with handshakes', async () => {
  const { source, plugin } = setUp({ ca: 'ca' }, { token: 't' });
  const rejected = await source({});
  await source({ rejected });
  expect(plugin.credential).toHaveBeenLastCalledWith({ rejected: undefined, signal: undefined });
});
