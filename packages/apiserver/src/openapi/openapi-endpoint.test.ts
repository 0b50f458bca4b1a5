import { readText } from '@client-ts/rest';
import { describe, expect, it } from 'vitest';
import type { ApiResponse } from '../api-request.js';
import { builtInResources } from '../built-in-resources.js';
import { ResourceRegistry, type ServedResource } from '../resource-registry.js';
import { openApiEndpoint } from './openapi-endpoint.js';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function custom(schema?: Record<string, unknown>): ServedResource {
  return {
    group: 'stable.example.com',
    version: 'v1',
    resource: 'crontabs',
    kind: 'CronTab',
    scope: 'Namespaced',
    singular: 'crontab',
    listKind: 'CronTabList',
    verbs,
    shortNames: [],
    categories: [],
    served: [{ name: 'status', kind: 'CronTab', verbs: ['get', 'patch', 'update'] }],
    custom: {
      ...(schema ? { schema } : {}),
      preserveUnknownFields: false,
      printerColumns: [],
      selectableFields: [],
      storageVersion: 'v1',
    },
  };
}

/** What stands at a path of keys. */
function at(value: unknown, ...path: string[]): unknown {
  return path.reduce((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], value);
}

function keysAt(value: unknown, ...path: string[]): string[] {
  return Object.keys(at(value, ...path) as object);
}

function newRegistry(...resources: ServedResource[]): ResourceRegistry {
  const registry = new ResourceRegistry();
  registry.add([...builtInResources(), ...resources]);
  return registry;
}

function ask(registry: ResourceRegistry, path: string, accept = 'application/json'): ApiResponse | undefined {
  const url = new URL(path, 'http://server');
  return openApiEndpoint(registry)({ method: 'GET', url, headers: { accept } });
}

async function get(registry: ResourceRegistry, path: string): Promise<unknown> {
  const response = ask(registry, path);
  if (!response) throw new Error(`${path} is not served`);
  return JSON.parse(await readText(response.body));
}

async function customDocument(schema?: Record<string, unknown>): Promise<unknown> {
  return get(newRegistry(custom(schema)), '/openapi/v3/apis/stable.example.com/v1');
}

function* refs(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    if (key === '$ref' && typeof child === 'string') yield child;
    else yield* refs(child);
  }
}

describe('openApiEndpoint', () => {
  it('lists a document per group version, each with a hash', async () => {
    const document = await get(newRegistry(custom()), '/openapi/v3');
    expect(keysAt(document, 'paths')).toEqual(
      expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/stable.example.com/v1']),
    );
    expect(at(document, 'paths', 'apis/apps/v1', 'serverRelativeURL')).toMatch(
      /^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{16}$/,
    );
  });

  it('changes the hash of a document when its resources change, and no other', async () => {
    const before = await get(newRegistry(custom()), '/openapi/v3');
    const after = await get(newRegistry(custom({ type: 'object' })), '/openapi/v3');
    expect(at(after, 'paths', 'apis/apps/v1')).toEqual(at(before, 'paths', 'apis/apps/v1'));
    expect(at(after, 'paths', 'apis/stable.example.com/v1')).not.toEqual(
      at(before, 'paths', 'apis/stable.example.com/v1'),
    );
  });

  it('sends those with an old hash to the current one', async () => {
    const registry = newRegistry();
    const document = await get(registry, '/openapi/v3');
    const current = String(at(document, 'paths', 'apis/apps/v1', 'serverRelativeURL'));
    expect(ask(registry, current)?.status).toBe(200);
    const redirect = ask(registry, '/openapi/v3/apis/apps/v1?hash=OLD');
    expect([redirect?.status, redirect?.headers['location']]).toEqual([301, current]);
  });

  it('makes documents anew when the registry has changed', async () => {
    const registry = newRegistry();
    const endpoint = openApiEndpoint(registry);
    const asked = { method: 'GET', url: new URL('http://server/openapi/v3/apis/stable.example.com/v1'), headers: {} };
    expect(endpoint(asked)).toBeUndefined();
    registry.add([custom()]);
    expect(endpoint(asked)?.status).toBe(200);
    registry.remove([custom()]);
    expect(endpoint(asked)).toBeUndefined();
  });

  it('refuses those who take only protobuf', () => {
    const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
    expect(ask(newRegistry(), '/openapi/v3/api/v1', accept)?.status).toBe(406);
  });

  it.each(['/openapi/v2', '/openapi/v3/', '/openapi/v3/apis/nope/v1', '/openapi/v3/__proto__'])(
    'leaves %s to others',
    (path) => {
      expect(ask(newRegistry(), path)).toBeUndefined();
    },
  );

  it.each(newRegistry(custom()).groupVersions())(
    'resolves every reference in $group/$version',
    async (groupVersion) => {
      const { group, version } = groupVersion;
      const path = group === '' ? `api/${version}` : `apis/${group}/${version}`;
      const document = await get(newRegistry(custom()), `/openapi/v3/${path}`);
      const known = keysAt(document, 'components', 'schemas').map((name) => `#/components/schemas/${name}`);
      const used = [...new Set(refs(document))];
      expect(used.length).toBeGreaterThan(5);
      expect(used.filter((ref) => !known.includes(ref))).toEqual([]);
    },
  );

  it('says of patches what kubectl looks for: the kind, fieldValidation and the media types', async () => {
    const document = await get(newRegistry(), '/openapi/v3/apis/apps/v1');
    const patch = at(document, 'paths', '/apis/apps/v1/namespaces/{namespace}/deployments/{name}', 'patch');
    expect(at(patch, 'x-kubernetes-group-version-kind')).toEqual({ group: 'apps', version: 'v1', kind: 'Deployment' });
    expect(at(patch, 'parameters')).toContainEqual(expect.objectContaining({ name: 'fieldValidation', in: 'query' }));
    expect(keysAt(patch, 'requestBody', 'content')).toContain('application/strategic-merge-patch+json');
  });

  it('offers no strategic merge patch of custom resources', async () => {
    const document = await customDocument();
    const patch = at(document, 'paths', '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}', 'patch');
    expect(keysAt(patch, 'requestBody', 'content')).toEqual([
      'application/apply-patch+yaml',
      'application/json-patch+json',
      'application/merge-patch+json',
    ]);
  });

  it.each([
    ['/api/v1/namespaces/{namespace}/pods/{name}', 'get', 'readCoreV1NamespacedPod'],
    ['/api/v1/namespaces/{namespace}/pods', 'delete', 'deleteCoreV1CollectionNamespacedPod'],
    ['/api/v1/pods', 'get', 'listCoreV1PodForAllNamespaces'],
    ['/api/v1/nodes/{name}/status', 'put', 'replaceCoreV1NodeStatus'],
    [
      '/api/v1/namespaces/{namespace}/replicationcontrollers/{name}/scale',
      'patch',
      'patchCoreV1NamespacedReplicationControllerScale',
    ],
  ])('names the operation %s %s as a real server does', async (path, method, id) => {
    const document = await get(newRegistry(), '/openapi/v3/api/v1');
    expect(at(document, 'paths', path, method, 'operationId')).toBe(id);
  });

  it('tells list keys and patch strategies of built-in fields', async () => {
    const document = await get(newRegistry(), '/openapi/v3/api/v1');
    expect(at(document, 'components', 'schemas', 'io.k8s.api.core.v1.PodSpec', 'properties', 'containers')).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/io.k8s.api.core.v1.Container' },
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
  });

  it('adds to a CRD schema what every object has, and spells out its extensions', async () => {
    const document = await customDocument({
      type: 'object',
      description: 'A cron tab.',
      properties: {
        spec: {
          type: 'object',
          properties: {
            port: { 'x-kubernetes-int-or-string': true },
            template: { type: 'object', 'x-kubernetes-embedded-resource': true },
          },
        },
      },
    });
    const schema = at(document, 'components', 'schemas', 'com.example.stable.v1.CronTab');
    expect(schema).toMatchObject({
      description: 'A cron tab.',
      'x-kubernetes-group-version-kind': [{ group: 'stable.example.com', version: 'v1', kind: 'CronTab' }],
    });
    expect(keysAt(schema, 'properties')).toEqual(['spec', 'apiVersion', 'kind', 'metadata']);
    expect(at(schema, 'properties', 'spec', 'properties')).toMatchObject({
      port: { anyOf: [{ type: 'integer' }, { type: 'string' }] },
      template: { required: ['kind', 'apiVersion'], properties: { kind: { type: 'string' } } },
    });
  });

  it('keeps hostile names of fields as data', async () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as Record<
      string,
      unknown
    >;
    const document = await customDocument(schema);
    expect(keysAt(document, 'components', 'schemas', 'com.example.stable.v1.CronTab', 'properties')).toContain(
      '__proto__',
    );
  });
});
