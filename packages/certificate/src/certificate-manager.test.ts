import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import {
  genericServerResponse,
  newForbidden,
  newInternalError,
  newNotFound,
  newUnauthorized,
} from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CertificateEvent } from './certificate-event.js';
import { CertificateManager, type CertificateManagerOptions } from './certificate-manager.js';
import type { CertificateNames } from './certificate-names.js';
import type { CertificateStore } from './certificate-store.js';
import { issueCertificate } from './issue-certificate.js';
import { KeyPair } from './key-pair.js';
import { formatPrivateKey, generateKey } from './private-key.js';
import { SigningServer, StepMs } from './signing-server.test.kit.js';

const HourMs = 3600_000;
const template: CertificateNames = { commonName: 'system:node:fake', organizations: ['system:nodes'] };
const key = await generateKey();
const requests = { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' };

let server: SigningServer;
let events: CertificateEvent[];
beforeEach(async () => {
  server = await SigningServer.start();
  events = [];
});
afterEach(() => server[Symbol.asyncDispose]());

/** One whose keys are there at once, so that virtual time need not wait for them. */
function start(options: Partial<CertificateManagerOptions> = {}): Promise<CertificateManager> {
  return CertificateManager.start({
    config: server.config,
    signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
    template,
    generateKey: () => key,
    observer: (event) => events.push(event),
    clock: server.clock,
    ...options,
  });
}

class MemoryStore implements CertificateStore {
  pair: KeyPair | undefined;
  broken = false;
  current = async (): Promise<KeyPair | undefined> => this.pair;
  update = async (pair: KeyPair): Promise<void> => {
    if (this.broken) throw new Error('the disk is full');
    this.pair = pair;
  };
}

async function newPair(names: CertificateNames, maxAgeMs = 10 * HourMs): Promise<KeyPair> {
  const { authority, clock } = server;
  const cert = await issueCertificate(authority, { ...names, key, purposes: ['client auth'], maxAgeMs, clock });
  return new KeyPair({ cert, key: formatPrivateKey(key) });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle();
}

const count = (type: CertificateEvent['type']): number => events.filter((event) => event.type === type).length;
const failures = (): string[] => events.flatMap((event) => (event.type === 'failed' ? event.error.message : []));

describe('in the beginning', () => {
  test('TestNewManagerNoRotation: a certificate from the store is used, and nothing is asked for', async () => {
    const store = new MemoryStore();
    store.pair = await newPair(template);
    await using manager = await start({ store });
    await server.clock.advance(6 * HourMs);
    expect(manager.current()).toBe(store.pair);
    expect(await server.all()).toEqual([]);
  });

  test('TestNewManagerNoBootstrap: without any, one is asked for at once', async () => {
    const store = new MemoryStore();
    await using manager = await start({ store });
    expect(manager.current()).toBeUndefined();
    const request = await server.newest(1);
    expect(request.spec).toMatchObject({
      signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
      usages: ['digital signature', 'client auth'],
    });
    const cert = await server.issue(request);
    await until(() => count('rotated') === 1);
    expect(manager.current()?.cert).toBe(cert);
    expect(store.pair).toBe(manager.current());
  });

  // TestGetCurrentCertificateOrBootstrap, TestInitializeCertificateSigningRequestClient
  test.each([
    ['TestNewManagerBootstrap: no certificate', undefined, 'bootstrap'],
    ['a certificate that has expired', { maxAgeMs: HourMs / 2 }, 'bootstrap'],
    ['a certificate that counts', { maxAgeMs: 10 * HourMs }, 'stored'],
  ])('%s, and one to begin with', async (_, stored, expected) => {
    const store = new MemoryStore();
    store.pair = stored && (await newPair(template, stored.maxAgeMs));
    await server.clock.advance(HourMs);
    const { cert, key } = await newPair({ commonName: 'bootstrap' });
    const before = store.pair;
    await using manager = await start({ store, bootstrap: { cert, key } });
    if (expected === 'stored') {
      expect(manager.current()).toBe(before);
      expect(await server.all()).toEqual([]);
    } else {
      expect(manager.current()?.cert).toBe(cert);
      expect(store.pair?.cert).toBe(cert);
      await server.issue(await server.newest(1));
      await until(() => count('rotated') === 1);
      expect(manager.current()?.leaf.subject).toBe('O=system:nodes\nCN=system:node:fake');
    }
  });

  test('an expired certificate, and none to begin with, is none', async () => {
    const store = new MemoryStore();
    store.pair = await newPair(template, HourMs);
    await server.clock.advance(2 * HourMs);
    await using manager = await start({ store });
    expect(manager.current()).toBeUndefined();
  });

  test.each<[string, Partial<CertificateManagerOptions>, string]>([
    ['a name that is none', { template: { dnsNames: ['a b'] } }, 'template.dnsNames[0]: expected a DNS name'],
    ['no signer', { signerName: '' }, 'signerName: expected the name of a signer'],
    ['a duration that is too short', { requestedDurationMs: 1 }, 'requestedDurationMs: expected milliseconds from'],
    ['a bootstrap that is none', { bootstrap: { cert: 'secret', key: 'secret' } }, 'the text holds no certificate'],
    [
      'a store that fails',
      { store: { current: () => Promise.reject(new Error('EIO')), update: () => Promise.resolve() } },
      'EIO',
    ],
  ])('%s is refused', async (_, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });
});

describe('rotation', () => {
  test('comes at 70 to 90 % of the lifetime, again and again', async () => {
    await using manager = await start();
    await server.issue(await server.newest(1), { maxAgeMs: 9 * HourMs });
    await until(() => count('rotated') === 1);
    for (let round = 2; round <= 4; round++) {
      const { notBeforeMs = 0 } = manager.current() ?? {};
      const request = await server.advanceUntil(round);
      const elapsedMs = server.clock.now() - notBeforeMs;
      expect(elapsedMs).toBeGreaterThanOrEqual(7 * HourMs);
      expect(elapsedMs).toBeLessThanOrEqual(9 * HourMs + StepMs);
      const cert = await server.issue(request, { maxAgeMs: 9 * HourMs });
      await until(() => count('rotated') === round);
      expect(manager.current()?.cert).toBe(cert);
    }
  });

  test('TestRotationLogsDuration: says how old the one of before was', async () => {
    await using manager = await start();
    await server.issue(await server.newest(1), { maxAgeMs: 9 * HourMs });
    await until(() => count('rotated') === 1);
    const request = await server.advanceUntil(2);
    const ageMs = server.clock.now() - (manager.current()?.notBeforeMs ?? 0);
    await server.issue(request);
    await until(() => count('rotated') === 2);
    const ages = events.flatMap((event) => (event.type === 'rotated' ? [event.replacedAgeMs] : []));
    expect(ages).toEqual([undefined, ageMs]);
  });

  test('TestRotateCertCreateCSRError: failures are tried again after longer and longer pauses', async () => {
    const times: number[] = [];
    using interceptor = server.api.intercept(({ verb }) => {
      if (verb !== 'create') return;
      times.push(server.clock.now());
      throw newInternalError('not now');
    });
    await using manager = await start();
    await until(() => count('failed') === 1);
    await server.clock.advance(150_000);
    const pauses = times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
    for (const [index, seconds] of [2, 4, 8, 16, 32, 32, 32].entries()) {
      expect(pauses[index]).toBeGreaterThanOrEqual(seconds);
      expect(pauses[index]).toBeLessThanOrEqual(1.1 * seconds);
    }
    interceptor[Symbol.dispose]();
    await server.clock.advance(36_000);
    await server.issue(await server.newest(1));
    await until(() => manager.current() !== undefined);
  });

  test.each(['Denied', 'Failed'])(
    'a request that is %s leads to another one, and the old certificate stays',
    async (type) => {
      const store = new MemoryStore();
      const before = (store.pair = await newPair({ commonName: 'before' }));
      await using manager = await start({ store });
      await server.update(await server.newest(1), type);
      await until(() => count('failed') === 1);
      expect(manager.current()).toBe(before);
      await server.clock.advance(2200);
      await server.issue(await server.newest(2));
      await until(() => manager.current() !== before);
    },
  );

  test('TestRotateCertWaitingForResultError: what nobody signs is waited for a quarter of an hour', async () => {
    await using _ = await start();
    await server.newest(1);
    await server.clock.advance(15 * 60_000 - 1);
    expect(count('failed')).toBe(0);
    await server.clock.advance(2300);
    await until(() => count('failed') === 1);
    expect(failures()).toEqual(['the condition was not met within 900000 ms']);
    await server.newest(2);
  });

  test('a certificate that cannot be kept is not used, and its request is made anew', async () => {
    const store = new MemoryStore();
    store.broken = true;
    await using manager = await start({ store });
    await server.issue(await server.newest(1));
    await until(() => count('failed') === 1);
    expect(failures()).toEqual(['the disk is full']);
    expect(manager.current()).toBeUndefined();
  });

  test.each([
    ['without what was asked for', { commonName: 'someone' }, 'lacks common name "system:node:fake"'],
    ['that has ended by now', { maxAgeMs: 1000 }, 'is to be replaced already'],
  ])('a certificate %s is used, but not asked for in a loop', async (_, how, message) => {
    await using manager = await start();
    const cert = await server.issue(await server.newest(1), how);
    await until(() => count('failed') === 1);
    expect(failures()[0]).toContain(message);
    expect(manager.current()?.cert).toBe(cert);
    await server.clock.advance(1900);
    expect(await server.all()).toHaveLength(1);
    await server.clock.advance(300);
    await server.newest(2);
  });
});

describe('a template that changes', () => {
  test('asks for nothing while there is none', async () => {
    let names: CertificateNames | undefined;
    await using _ = await start({ template: () => names });
    await server.clock.advance(HourMs);
    expect(await server.all()).toEqual([]);
    names = template;
    await server.clock.advance(1000);
    await server.newest(1);
  });

  test('is followed within a second, unless the certificate says as much', async () => {
    let names: CertificateNames = template;
    const store = new MemoryStore();
    store.pair = await newPair({ ...template, dnsNames: ['a'] });
    await using _ = await start({ store, template: () => names });
    names = { ...template, dnsNames: ['a'] };
    await server.clock.advance(5000);
    expect(await server.all()).toEqual([]);
    names = { ...template, dnsNames: ['a', 'b'] };
    await server.clock.advance(1000);
    await server.newest(1);
  });

  test('ends the wait for what was asked before', async () => {
    let names: CertificateNames = template;
    await using manager = await start({ template: () => names });
    await server.newest(1);
    names = { ...template, commonName: 'another' };
    await server.clock.advance(1000);
    await until(() => count('failed') === 1);
    expect(failures()).toEqual(['the template has changed']);
    await server.clock.advance(2200);
    await server.issue(await server.newest(2));
    await until(() => manager.current()?.leaf.subject === 'O=system:nodes\nCN=another');
  });

  test('and throws is a failure like others', async () => {
    let error: Error | undefined = new Error('no names yet');
    const changing = (): CertificateNames => {
      if (error) throw error;
      return template;
    };
    await using _ = await start({ template: changing });
    await until(() => count('failed') === 1);
    error = undefined;
    await server.clock.advance(2200);
    await server.newest(1);
    expect(failures()).toEqual(['no names yet']);
  });
});

describe('TestGenerateKeyConfig', () => {
  test('RSA keys may encipher, too', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await using manager = await start({ generateKey: () => privateKey });
    const request = await server.newest(1);
    expect(request.spec.usages).toEqual(['digital signature', 'key encipherment', 'client auth']);
    await server.issue(request);
    expect((await manager.waitForCurrent()).key).toBe(formatPrivateKey(privateKey));
  });

  test('a key that is too weak asks for nothing', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    await using _ = await start({ generateKey: () => privateKey });
    await until(() => count('failed') === 1);
    expect(failures()).toEqual(['an RSA key of 1024 bits is too weak: 2048 are the least']);
    expect(await server.all()).toEqual([]);
  });

  test('keys are new ones unless told otherwise, and appear in no event', async () => {
    await using manager = await start({ generateKey: undefined, usages: ['client auth'] });
    await server.issue(await server.newest(1));
    const pair = await manager.waitForCurrent();
    await until(() => count('rotated') === 1);
    const secret = pair.key.split('\n')[1] ?? '';
    expect(inspect([events, manager], { depth: 9, showHidden: true })).not.toContain(secret);
  });
});

// TestServerHealth
test.each([
  ['Generic error on create', newInternalError('no'), false],
  ['Unauthorized error on create', newUnauthorized('no'), true],
  ['Generic unauthorized error on create', generic(401), true],
  ['Generic not found error on create', generic(404), false],
  ['Not found error on create', newNotFound(requests, ''), true],
  ['Forbidden error on create', newForbidden(requests, '', 'no'), true],
])('%s: healthy is %s', async (_, error, healthy) => {
  using _interceptor = server.api.intercept(({ verb }) => {
    if (verb === 'create') throw error;
  });
  await using manager = await start();
  await until(() => count('failed') === 1);
  expect(manager.serverHealthy).toBe(healthy);
});

test('a server that has taken a request is healthy', async () => {
  await using manager = await start();
  expect(manager.serverHealthy).toBe(false);
  await until(() => count('requested') === 1);
  expect(manager.serverHealthy).toBe(true);
});

/** What a proxy says. */
function generic(code: number): Error {
  return genericServerResponse({
    code,
    verb: 'POST',
    resource: requests,
    name: '',
    serverMessage: 'unknown',
  });
}

describe('the end', () => {
  test.each([
    ['TestStop: disposing', async (manager: CertificateManager) => manager[Symbol.asyncDispose]()],
    ['TestContext: an abort', async (_: CertificateManager, controller: AbortController) => controller.abort()],
  ])('%s ends requests and waits, and leaves nothing behind', async (_, end) => {
    const controller = new AbortController();
    const manager = await start({ signal: controller.signal });
    const waiting = manager.waitForCurrent();
    waiting.catch(() => undefined);
    await server.newest(1);
    await end(manager, controller);
    await expect(waiting).rejects.toThrow('the certificate manager has ended');
    await manager[Symbol.asyncDispose]();
    await settle();
    expect(server.clock.pending).toBe(0);
    expect(failures()).toEqual([]);
  });

  test('does not wait for a config that never comes', async () => {
    const manager = await start({ config: () => new Promise(() => undefined) });
    await settle();
    await manager[Symbol.asyncDispose]();
    expect(server.clock.pending).toBe(0);
  });

  test('what was there stays to be used', async () => {
    const store = new MemoryStore();
    store.pair = await newPair(template);
    const manager = await start({ store });
    await manager[Symbol.asyncDispose]();
    expect(manager.current()).toBe(store.pair);
    expect(await manager.waitForCurrent()).toBe(store.pair);
  });
});

describe('as the identity of a transport', () => {
  test('requests wait for the first certificate, and then get the same object until there is another one', async () => {
    await using manager = await start();
    const source = manager.tlsSource({ ca: 'ca', serverName: 'kubernetes' });
    const first = source({});
    await expect(source({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    await server.issue(await server.newest(1));
    const given = await first;
    const { cert = '', key = '' } = manager.current() ?? {};
    expect(given).toEqual({ ca: 'ca', serverName: 'kubernetes', cert, key });
    expect(source({})).toBe(given);
    expect(source({ rejected: given })).toBe(given);
    await server.issue(await server.advanceUntil(2));
    await until(() => count('rotated') === 2);
    expect(source({})).not.toBe(given);
    expect(source({})).toMatchObject({ ca: 'ca', cert: manager.current()?.cert });
  });

  test('the certificate of now is told to who makes the config', async () => {
    const given: (string | undefined)[] = [];
    const config = (current: KeyPair | undefined) => {
      given.push(current?.leaf.subject);
      return server.config;
    };
    const bootstrap = await newPair({ commonName: 'bootstrap' });
    await using _ = await start({ config, bootstrap });
    await server.issue(await server.newest(1));
    await until(() => count('rotated') === 1);
    await server.advanceUntil(2);
    expect(given).toEqual(['CN=bootstrap', 'O=system:nodes\nCN=system:node:fake']);
  });
});

test('failures are warned of when nobody observes', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    await using _ = await start({ observer: undefined, config: () => Promise.reject(new Error('no kubeconfig')) });
    await until(() => warn.mock.calls.length > 0);
    expect(warn.mock.calls).toEqual([['no new certificate: no kubeconfig']]);
  } finally {
    warn.mockRestore();
  }
});
