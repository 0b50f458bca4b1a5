import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CustomResourceDefinition } from '@client-ts/api/apiextensions/v1';
import { ApiServer } from '@client-ts/apiserver';
import { Clientset } from '@client-ts/clientset';
import { SharedInformerFactory } from '@client-ts/informers';
import { parseYaml } from '@client-ts/serializer/yaml';
import { expect, expectTypeOf, test } from 'vitest';
import {
  type Certificate,
  type CertificateApplyConfiguration,
  type CertificateStatusConditionsItem,
  certificates,
} from './testdata/golden/pki.example.com/v1.js';
import { type Workflow, workflows, workflowSpecs } from './testdata/golden/run.example.com/v1alpha1.js';

const file = path.join(import.meta.dirname, 'testdata', 'certificates.yaml');
const definition = parseYaml(readFileSync(file, 'utf8')) as CustomResourceDefinition;

test('clients and informers take the descriptor of a custom resource', async () => {
  await using server = new ApiServer();
  const clientset = new Clientset(server.config());
  await clientset.apiextensionsV1().customResourceDefinitions().create(definition);

  const client = clientset.resource(certificates, 'default');
  const spec = { secretName: 'web-tls', issuerRef: { name: 'ca' }, privateKey: { algorithm: 'ECDSA' as const } };
  const created = await client.create({ metadata: { name: 'web' }, spec });
  expect(created.spec.issuerRef).toEqual({ name: 'ca', kind: 'Issuer' });
  const condition: CertificateStatusConditionsItem = { type: 'Ready', status: 'True' };
  await client.updateStatus({ ...created, status: { conditions: [condition] } });

  await using factory = new SharedInformerFactory(server.config());
  const informer = factory.informer(certificates);
  factory.start();
  await factory.waitForCacheSync();
  expect(informer.indexer.getByKey('default/web')?.status?.conditions).toEqual([condition]);
});

test('types are those of the schema', () => {
  expectTypeOf<Certificate['spec']['privateKey']>().toExtend<{ algorithm?: 'RSA' | 'ECDSA' | 'Ed25519' } | undefined>();
  expectTypeOf<Certificate['kind']>().toEqualTypeOf<'Certificate' | undefined>();
  // @ts-expect-error -- the issuer is required
  const incomplete: Certificate = { spec: { secretName: 'a' } };
  // @ts-expect-error -- not among the values
  const unknown: Certificate['spec'] = { secretName: 'a', issuerRef: { name: 'b' }, privateKey: { algorithm: 'DSA' } };
  type AppliedStatus = CertificateApplyConfiguration['status'];
  // @ts-expect-error -- the key of the list of conditions
  const keyless: AppliedStatus = { conditions: [{ status: 'True' }] };
  // @ts-expect-error -- the server applies to one object
  const nameless: CertificateApplyConfiguration = { metadata: {} };
  expect([incomplete, unknown, keyless, nameless]).toHaveLength(4);

  const workflow: Workflow = {
    spec: { port: 'http', entrypoint: null, matrix: [1, null], templates: [{ kept: 'unseen' }] },
  };
  expectTypeOf(workflow.spec?.['templates']).toEqualTypeOf<unknown>();
  expectTypeOf(workflows.scope).toEqualTypeOf<'Namespaced'>();
  expectTypeOf(workflowSpecs.scope).toEqualTypeOf<'Cluster'>();
});
