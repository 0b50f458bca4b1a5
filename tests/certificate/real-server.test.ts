import { FakeClock } from '@client-ts/apimachinery/testing';
import { isForbidden } from '@client-ts/apimachinery/errors';
import {
  CertificateManager,
  CertificateRequestError,
  FileStore,
  generateKey,
  type KeyPair,
  newCertificateRequest,
  requestCertificate,
  serverUsages,
  waitForCertificate,
} from '@client-ts/certificate';
import { Clientset } from '@client-ts/clientset';
import { Environment } from '@client-ts/envtest';
import type { Config } from '@client-ts/rest';
import { newTransport } from '@client-ts/transport';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { Approver } from './approver.js';
import { EventLog } from './event-log.js';

const SignerName = 'kubernetes.io/kube-apiserver-client';
const MinuteMs = 60_000;

describeReal('certificates of a real control plane', ['etcd', 'kubeApiserver', 'kubeControllerManager'], () => {
  let environment: Environment;
  let admin: Clientset;
  let directory: string;
  beforeAll(async () => {
    environment = await Environment.start({ controllerManager: true });
    admin = new Clientset(environment.config);
    directory = await mkdtemp(path.join(tmpdir(), 'client-ts-certificate-'));
  });
  afterAll(async () => {
    await environment[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** The config of whoever the manager's certificate says. */
  function configOf(manager: CertificateManager): Config {
    const { host, tls } = environment.config;
    return { host, transport: newTransport({ tls: manager.tlsSource({ ca: tls?.ca }) }) };
  }

  /** Lets a group create requests, and see what becomes of them. */
  async function letRequestCertificates(group: string): Promise<void> {
    const name = `certificates-for-${group}`;
    const verbs = ['create', 'get', 'list', 'watch'];
    const apiGroup = 'rbac.authorization.k8s.io';
    await admin
      .rbacV1()
      .clusterRoles()
      .create({
        metadata: { name },
        rules: [{ apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests'], verbs }],
      });
    await admin
      .rbacV1()
      .clusterRoleBindings()
      .create({
        metadata: { name },
        roleRef: { apiGroup, kind: 'ClusterRole', name },
        subjects: [{ apiGroup, kind: 'Group', name: group }],
      });
  }

  /** Name, groups, and the fingerprint of the certificate that the server has seen. */
  async function whoAmI(config: Config) {
    const review = await new Clientset(config).authenticationV1().selfSubjectReviews().create({});
    const { username, groups, extra } = review.status?.userInfo ?? {};
    const [fingerprint] = extra?.['authentication.kubernetes.io/credential-id'] ?? [];
    return { username, groups, fingerprint };
  }

  /** How the server calls a certificate. */
  const fingerprintOf = ({ leaf }: KeyPair): string =>
    `X509SHA256=${leaf.fingerprint256.replaceAll(':', '').toLowerCase()}`;

  test('a certificate is obtained, used, and rotated while it is in use', async () => {
    await using _approver = new Approver(environment.config, 'Approved');
    const clock = new FakeClock(Date.now());
    const log = new EventLog();
    const store = new FileStore({ prefix: 'bob', directory, clock });
    await letRequestCertificates('dev');
    await using manager = await CertificateManager.start({
      // The administrator asks for the first one, and then bob for himself.
      config: (current) => (current ? config : environment.config),
      signerName: SignerName,
      template: { commonName: 'bob', organizations: ['dev', 'ops'] },
      requestedDurationMs: 10 * MinuteMs,
      store,
      observer: log.observer,
      clock,
    });
    const config = configOf(manager);
    await using _transport = config.transport as AsyncDisposable;

    // Waits for the certificate by itself.
    const bob = await whoAmI(config);
    const first = manager.current() as KeyPair;
    expect(bob).toEqual({
      username: 'bob',
      groups: expect.arrayContaining(['dev', 'ops', 'system:authenticated']) as string[],
      fingerprint: fingerprintOf(first),
    });
    expect(first.leaf.issuer).toBe('CN=envtest-clients');
    expect(manager.serverHealthy).toBe(true);
    // RBAC knows him, too, and lets him do nothing else.
    await expect(new Clientset(config).coreV1().pods('default').list()).rejects.toSatisfy(isForbidden);

    // Nobody who is at work notices that the certificate becomes another one.
    const seen = new Set<string | undefined>();
    const rest = new AbortController();
    const work = (async () => {
      do seen.add((await whoAmI(config)).fingerprint);
      while (!rest.signal.aborted);
    })();
    const lifetimeMs = first.notAfterMs - first.notBeforeMs;
    const rotated = log.next('rotated');
    await clock.advance(0.7 * lifetimeMs - (clock.now() - first.notBeforeMs) - 1);
    expect(manager.current()).toBe(first);
    await clock.advance(0.2 * lifetimeMs + 1);
    await rotated;
    const second = manager.current() as KeyPair;
    expect((await whoAmI(config)).fingerprint).toBe(fingerprintOf(second));
    rest.abort();
    await work;
    expect(seen).toContain(fingerprintOf(first));
    expect(fingerprintOf(second)).not.toBe(fingerprintOf(first));

    const requests = admin.certificatesV1().certificateSigningRequests();
    const askers = log.events.flatMap((event) => (event.type === 'requested' ? requests.get(event.name) : []));
    const [admins, own] = (await Promise.all(askers)).map(({ spec }) => spec.username);
    expect([admins, own]).toEqual(['admin', 'bob']);

    // Both are there for the next run of the program, and one of them is current.
    expect((await readdir(directory)).filter((name) => name.startsWith('bob-'))).toHaveLength(3);
    expect((await new FileStore({ prefix: 'bob', directory }).current())?.cert).toBe(second.cert);
  });

  test('a request is taken up under its name, and what is denied is said', async () => {
    const key = await generateKey('rsa-2048');
    const names = { commonName: 'eve' };
    const options = {
      name: 'eve',
      key,
      request: await newCertificateRequest(key, names),
      signerName: SignerName,
      usages: ['digital signature', 'key encipherment', 'client auth'] as const,
    };
    const ref = await requestCertificate(environment.config, options);
    expect(await requestCertificate(environment.config, options)).toEqual(ref);
    const other = { ...options, key: await generateKey() };
    await expect(requestCertificate(environment.config, other)).rejects.toThrow('it was not signed with this key');

    const requests = admin.certificatesV1().certificateSigningRequests();
    const request = await requests.get('eve');
    const conditions = [{ type: 'Denied', status: 'True', reason: 'Stranger', message: 'who is she?' }];
    await requests.updateApproval({ ...request, status: { conditions } });
    await expect(waitForCertificate(environment.config, ref)).rejects.toThrow(
      new CertificateRequestError(
        'denied',
        'the certificate signing request "eve" was denied: "Stranger": "who is she?"',
      ),
    );
  });

  test('a signer that refuses is heard', async () => {
    await using _approver = new Approver(environment.config, 'Approved');
    const key = await generateKey();
    const request = await newCertificateRequest(key, { commonName: 'server', dnsNames: ['server.example'] });
    // That signer is for clients.
    const options = { request, signerName: SignerName, usages: serverUsages(key) };
    const ref = await requestCertificate(environment.config, options);
    await expect(waitForCertificate(environment.config, ref)).rejects.toThrow(/has failed: "SignerValidationFailure"/);
  });

  test('who is not let in hears why, and the server is healthy all the same', async () => {
    const nobody = await environment.addUser({ name: 'nobody' });
    const log = new EventLog();
    const failed = log.next('failed');
    await using manager = await CertificateManager.start({
      config: nobody,
      signerName: SignerName,
      template: { commonName: 'bob' },
      observer: log.observer,
    });
    const { error } = await failed;
    expect(isForbidden(error)).toBe(true);
    expect(manager.serverHealthy).toBe(true);
  });
});
