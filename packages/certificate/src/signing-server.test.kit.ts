import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { type CertificateSigningRequest, certificateSigningRequests } from '@client-ts/api/certificates/v1';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { ApiServer } from '@client-ts/apiserver';
import { type Config, restClientFor, type ResourceClient } from '@client-ts/rest';
import { parseCertificateRequest } from './certificate-request.js';
import { issueCertificate, newAuthority } from './issue-certificate.js';
import type { KeyPair } from './key-pair.js';
import { textOf } from './request-certificate.js';

/** The server in memory has no such group of its own; as custom resources, requests are just stored. */
const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'certificatesigningrequests.certificates.k8s.io',
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' },
  },
  spec: {
    group: 'certificates.k8s.io',
    scope: 'Cluster',
    names: {
      kind: 'CertificateSigningRequest',
      plural: 'certificatesigningrequests',
      singular: 'certificatesigningrequest',
    },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
} satisfies CustomResourceDefinition & KubernetesObject;

export const StepMs: number = 5 * 60_000;

/** A server that keeps requests for certificates, and what an approver and a signer do when a test says so. */
export class SigningServer implements AsyncDisposable {
  readonly clock: FakeClock = new FakeClock(Date.UTC(2026, 0, 1));
  readonly api: ApiServer = new ApiServer({ clock: this.clock });
  readonly config: Config = this.api.config();
  readonly authority: KeyPair;
  readonly requests: ResourceClient<CertificateSigningRequest, unknown>;

  private constructor(authority: KeyPair) {
    this.authority = authority;
    this.requests = restClientFor(this.config).resource(certificateSigningRequests);
  }

  static async start(): Promise<SigningServer> {
    const server = new SigningServer(await newAuthority({ commonName: 'cluster-authority' }));
    const definitions = { group: 'apiextensions.k8s.io', version: 'v1', resource: 'customresourcedefinitions' };
    await restClientFor(server.config)
      .resource({ ...definitions, kind: definition.kind, scope: 'Cluster' })
      .create(definition);
    return server;
  }

  /** All there are, oldest first. */
  async all(): Promise<CertificateSigningRequest[]> {
    const { items } = await this.requests.list();
    return items.toSorted((a, b) => Number(a.metadata?.resourceVersion) - Number(b.metadata?.resourceVersion));
  }

  /** The newest, as soon as there are this many. */
  async newest(count: number): Promise<CertificateSigningRequest> {
    for (;;) {
      const all = await this.all();
      const last = all.at(-1);
      if (last && all.length >= count) return last;
      await settle();
    }
  }

  /** The newest, once time has come for this many; it passes in steps of five minutes. */
  async advanceUntil(count: number): Promise<CertificateSigningRequest> {
    for (let step = 0; step < 200 && (await this.all()).length < count; step++) await this.clock.advance(StepMs);
    return this.newest(count);
  }

  /** Approves and signs, with what the request says unless told otherwise. */
  async issue(
    request: CertificateSigningRequest,
    { maxAgeMs = 10 * 3600_000, commonName = '' }: { maxAgeMs?: number; commonName?: string } = {},
  ): Promise<string> {
    const { names, publicKey } = await parseCertificateRequest(textOf(request.spec.request));
    const asked = commonName === '' ? names : { ...names, commonName };
    const { clock, authority } = this;
    const cert = await issueCertificate(authority, {
      ...asked,
      key: publicKey,
      purposes: ['client auth'],
      maxAgeMs,
      clock,
    });
    await this.update(request, 'Approved', cert);
    return cert;
  }

  async update(request: CertificateSigningRequest, type: string, cert?: string, message = ''): Promise<void> {
    const certificate = cert === undefined ? {} : { certificate: Buffer.from(cert).toString('base64') };
    const conditions = [{ type, status: 'True', reason: 'Tested', message }];
    await this.requests.update({ ...request, status: { conditions, ...certificate } }, { subresource: 'status' });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.api[Symbol.asyncDispose]();
  }
}
