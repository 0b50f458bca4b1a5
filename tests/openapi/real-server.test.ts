import { type KubernetesObject, parseGroupVersion } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { Environment } from '@client-ts/envtest';
import { OpenApiClient, type OpenApiDocument, validate } from '@client-ts/openapi';
import { restClientFor, type Transmit } from '@client-ts/rest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeReal } from '../envtest/describe-real.js';
import { builtInCases, objectCases } from './object-cases.js';
import { widgets } from './widgets.js';

const plurals: Readonly<Record<string, string>> = {
  ConfigMap: 'configmaps',
  CustomResourceDefinition: 'customresourcedefinitions',
  Deployment: 'deployments',
  Lease: 'leases',
  Pod: 'pods',
  Secret: 'secrets',
  Service: 'services',
  Widget: 'widgets',
};

describeReal('OpenAPI, with a real kube-apiserver', ['etcd', 'kubeApiserver'], () => {
  let environment: Environment;
  const statuses: string[] = [];
  let openapi: OpenApiClient;

  beforeAll(async () => {
    environment = await Environment.start({ crds: [widgets] });
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
    await vi.waitFor(() => other.schema(widget), { timeout: 30_000 });
  });
  afterAll(() => environment?.[Symbol.asyncDispose]());

  /** What the server makes of an object, without keeping it. */
  async function verdict(object: KubernetesObject): Promise<string> {
    const kind = object.kind!;
    const { group, version } = parseGroupVersion(object.apiVersion!);
    const namespace = kind === 'CustomResourceDefinition' ? undefined : 'default';
    const target = { group, version, resource: plurals[kind]!, namespace };
    const query = { dryRun: 'All', fieldValidation: 'Strict' };
    try {
      await restClientFor(environment.config).json({ method: 'POST', target, query, body: object });
      return 'valid';
    } catch (error) {
      if (!isStatusError(error) || (error.code !== 400 && error.code !== 422)) throw error;
      return `invalid: ${error.message}`;
    }
  }

  test('every document is fetched once', async () => {
    const all = async (): Promise<OpenApiDocument[]> =>
      Promise.all((await openapi.groupVersions()).map((groupVersion) => openapi.document(groupVersion)));
    const first = await all();
    expect(first.length).toBeGreaterThan(20);
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
      const server = await verdict(object);
      const paths = found.map(({ path }) => path);
      if (server.startsWith('invalid') !== found.length > 0 || paths.join() !== problems.join()) {
        wrong.push({ what, server, found });
      }
    }
    expect(wrong).toEqual([]);
  });
});
