import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { formatGroupVersion, parseGroupVersion } from '@client-ts/apimachinery';
import { DiscoveryClient } from '@client-ts/discovery';
import { Environment } from '@client-ts/envtest';
import { explain, OpenApiClient, type OpenApiDocument, validate } from '@client-ts/openapi';
import { restClientFor, type Transmit } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { rows } from '../clientset/rows.js';
import { describeReal } from '../envtest/describe-real.js';
import { fieldLines, fieldWords, wordsOf } from './explained-text.js';
import { builtInCases, objectCases } from './object-cases.js';
import { verdict } from './verdict.js';
import { widgets } from './widgets.js';

describeReal('OpenAPI, with a real kube-apiserver', ['etcd', 'kubeApiserver', 'kubectl'], ({ kubectl }) => {
  let environment: Environment;
  const statuses: string[] = [];
  let openapi: OpenApiClient;

  beforeAll(async () => {
    environment = await Environment.start({ crds: [widgets], apiServerFlags: ['--runtime-config=api/all=true'] });
    const config = {
      ...environment.config,
      middleware: [
        async (request: Parameters<Transmit>[0], next: Transmit) => {
          const response = await next(request);
          statuses.push(`${request.url.pathname} ${response.status}`);
          return response;
        },
      ],
    };
    openapi = new OpenApiClient(config);
    // Documents follow what is served some time later.
    const other = new OpenApiClient(environment.config);
    const widget = { group: 'openapi.example.com', version: 'v1', kind: 'Widget' };
    const isPublished = async (): Promise<unknown> => [
      await other.schema(widget),
      (await other.documentV2()).schema(widget),
    ];
    await vi.waitFor(isPublished, { timeout: 100_000, interval: 200 });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  test('every document is fetched once', async () => {
    const all = async (): Promise<OpenApiDocument[]> =>
      Promise.all((await openapi.groupVersions()).map((groupVersion) => openapi.document(groupVersion)));
    const first = await all();
    expect(first.length).toBeGreaterThan(30);
    const documents = (): string[] => statuses.filter((status) => status !== '/openapi/v3 200');
    expect(documents()).toHaveLength(first.length);
    expect(documents().every((status) => status.endsWith(' 200'))).toBe(true);
    statuses.length = 0;
    const second = await all();
    expect(documents()).toEqual([]);
    expect(second.every((document, i) => document === first[i])).toBe(true);
    for (const document of first)
      for (const name of document.schemaNames) expect(document.schema(name).name).toBe(name);
  });

  test('the document of OpenAPI v2 is confirmed, too', async () => {
    const first = await openapi.documentV2();
    statuses.length = 0;
    expect(await openapi.documentV2()).toBe(first);
    expect(statuses).toEqual(['/openapi/v2 304']);
  });

  test.for(['v2', 'v3'] as const)('verdicts are those of the server, with OpenAPI %s', async (version) => {
    const wrong: unknown[] = [];
    for (const [what, object, problems] of version === 'v3' ? objectCases : builtInCases) {
      const gvk = { ...parseGroupVersion(object.apiVersion!), kind: object.kind! };
      const schema = version === 'v3' ? await openapi.schema(gvk) : (await openapi.documentV2()).schema(gvk);
      const found = validate(schema, object);
      const server = await verdict(environment.config, object);
      const paths = found.map(({ path }) => path);
      if (server.startsWith('invalid') !== found.length > 0 || paths.join() !== problems.join()) {
        wrong.push({ what, server, found });
      }
    }
    expect(wrong).toEqual([]);
  });

  test('nothing is wrong with one object of each resource that the server is known to take', async () => {
    const served = new Set((await openapi.groupVersions()).map(formatGroupVersion));
    const known = rows.filter(({ descriptor }) => served.has(formatGroupVersion(descriptor)));
    const wrong: unknown[] = [];
    for (const { descriptor, object } of known) {
      const whole = { ...object, apiVersion: formatGroupVersion(descriptor), kind: descriptor.kind };
      const problems = validate(await openapi.schema(descriptor), whole);
      wrong.push(...problems.map(({ message }) => `${descriptor.resource}: ${message}`));
    }
    expect(wrong).toEqual([]);
    expect(known.length).toBeGreaterThan(80);
  });

  test('nothing is wrong with what the server itself made', async () => {
    const client = restClientFor(environment.config);
    const { resources } = await new DiscoveryClient(environment.config).groupsAndResources();
    const wrong: unknown[] = [];
    let count = 0;
    for (const { group, version, resource, kind } of resources.filter(({ verbs }) => verbs.includes('list'))) {
      const target = { group, version, resource };
      const { items } = await client.json<{ items: object[] }>(
        { method: 'GET', target },
        { onWarning: () => undefined },
      );
      const schema = items.length > 0 ? await openapi.schema({ group, version, kind }) : undefined;
      for (const item of items) {
        const problems = validate(schema!, { ...item, apiVersion: formatGroupVersion({ group, version }), kind });
        wrong.push(...problems.map(({ message }) => `${resource}: ${message}`));
        count++;
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(100);
  });

  test.for([
    ['apps/v1', 'Deployment', 'deployments'],
    ['v1', 'Pod', 'pods.spec.containers'],
    ['v1', 'Pod', 'pods.spec.containers.resources.limits'],
    ['v1', 'ConfigMap', 'configmaps.data'],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'customresourcedefinitions'],
    ['openapi.example.com/v1', 'Widget', 'widgets'],
    ['openapi.example.com/v1', 'Widget', 'widgets.spec.size'],
  ] as const)('explains as kubectl does: %s %s, %s', async ([apiVersion, kind, path]) => {
    const args = [
      '--kubeconfig',
      environment.kubeconfig,
      'explain',
      path,
      '--recursive',
      `--api-version=${apiVersion}`,
    ];
    const { stdout } = await promisify(execFile)(kubectl, args);
    const schema = await openapi.schema({ ...parseGroupVersion(apiVersion), kind });
    const explanation = explain(schema, path.split('.').slice(1), { recursive: true });
    const [, fields = ''] = stdout.split('FIELDS:\n');
    expect(fieldLines(explanation).join('\n')).toBe(fields.trimEnd());
    const type = /^FIELD: .*<(.*)>$/m.exec(stdout)?.[1];
    if (type !== undefined) expect(explanation.type).toBe(type);
    const [, description = ''] = stdout.split('DESCRIPTION:\n');
    expect(wordsOf(explanation.descriptions.join(' ') || '<empty>')).toEqual(
      wordsOf(description.split('FIELDS:\n')[0]!),
    );
  });

  test.for([
    ['v1', 'Pod', 'pods.spec'],
    [
      'apiextensions.k8s.io/v1',
      'CustomResourceDefinition',
      'customresourcedefinitions.spec.versions.schema.openAPIV3Schema',
    ],
    ['openapi.example.com/v1', 'Widget', 'widgets.spec'],
  ] as const)('describes as kubectl does: %s %s, %s', async ([apiVersion, kind, path]) => {
    const args = ['--kubeconfig', environment.kubeconfig, 'explain', path, `--api-version=${apiVersion}`];
    const { stdout } = await promisify(execFile)(kubectl, args);
    const schema = await openapi.schema({ ...parseGroupVersion(apiVersion), kind });
    const [, fields = ''] = stdout.split('FIELDS:\n');
    expect(fieldWords(explain(schema, path.split('.').slice(1)))).toEqual(wordsOf(fields));
  });
});
