import { afterEach, describe, expect, test } from 'vitest';
import { MergePatch, testServer } from './request.test.kit.js';

const configMaps = '/api/v1/namespaces/default/configmaps';
const widgets = '/apis/a.example.com/v1/namespaces/default/widgets';
const Widget = '"apiVersion":"a.example.com/v1","kind":"Widget"';

afterEach(() => {
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

const widgetDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.a.example.com' },
  spec: {
    group: 'a.example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        subresources: { scale: { specReplicasPath: '.spec.__proto__.polluted', statusReplicasPath: '.status.n' } },
      },
    ],
  },
};

describe('__proto__', () => {
  test('is a field like any other in what is stored', async () => {
    const { send } = testServer({ objects: [widgetDefinition] });
    const sent = `{${Widget},"metadata":{"name":"a"},"spec":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}`;
    await send('POST', widgets, { body: sent });
    const { text } = await send('GET', `${widgets}/a`);
    expect(text).toContain('"__proto__":{"polluted":1}');
    await send('GET', `${widgets}?fieldSelector=metadata.name=a`);
  });

  test.each([
    { type: MergePatch, body: '{"__proto__":{"polluted":1},"metadata":{"labels":{"__proto__":"x"}}}' },
    { type: MergePatch, body: '{"spec":{"__proto__":{"polluted":1}}}' },
    { type: 'application/json-patch+json', body: '[{"op":"add","path":"/__proto__/polluted","value":1}]' },
    {
      type: 'application/json-patch+json',
      body: '[{"op":"add","path":"/spec/constructor/prototype/polluted","value":1}]',
    },
  ])('in a patch reaches nothing: $body', async ({ type, body }) => {
    const { send } = testServer({ objects: [widgetDefinition] });
    await send('POST', widgets, { body: `{${Widget},"metadata":{"name":"a"},"spec":{}}` });
    expect((await send('PATCH', `${widgets}/a`, { type, body })).status).toBeLessThan(500);
    expect((await send('GET', `${widgets}/a`)).status).toBe(200);
  });

  test('as the path of a scale subresource reaches nothing', async () => {
    const { send } = testServer({ objects: [widgetDefinition] });
    await send('POST', widgets, { body: `{${Widget},"metadata":{"name":"a"},"spec":{}}` });
    const body = { metadata: { name: 'a' }, spec: { replicas: 3 } };
    expect((await send('PUT', `${widgets}/a/scale`, { body })).body.spec).toEqual({ replicas: 3 });
  });

  test.each([
    '/api/v1/namespaces/default/__proto__',
    '/api/v1/namespaces/default/constructor/x',
    '/apis/__proto__/v1/x',
    '/apis/apps/__proto__/deployments',
    '/api/v1/namespaces/__proto__/pods',
    '/api/v1/namespaces/default/pods/__proto__/__proto__',
    '/api/v1/pods?fieldSelector=__proto__=x',
    '/api/v1/pods?labelSelector=__proto__',
  ])('in a path or a query is a name like any other: %s', async (path) => {
    const { send } = testServer();
    expect((await send('GET', path)).status).toBeLessThan(500);
    expect((await send('DELETE', path)).status).toBeLessThan(500);
  });
});

describe('bodies', () => {
  test.each([
    { what: 'deep', body: `{"metadata":{"name":"a"},"x":${'['.repeat(5000)}${']'.repeat(5000)}}`, status: 400 },
    { what: 'deep and broken', body: '['.repeat(1_000_000), status: 400 },
    { what: 'huge', body: `{"data":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}}`, status: 413 },
    { what: 'huge in bytes only', body: `{"data":{"a":"${'€'.repeat(1024 * 1024 + 1)}"}}`, status: 413 },
    { what: 'lone surrogates', body: '{"metadata":{"name":"\\ud800"}}', status: 422 },
    { what: 'a number for metadata', body: '{"metadata":7}', status: 400 },
    { what: 'objects for strings', body: '{"metadata":{"name":{"a":1},"labels":{"b":{}}}}', status: 400 },
    { what: 'numbers in finalizers', body: '{"metadata":{"name":"a","finalizers":[1]}}', status: 400 },
    { what: 'null among owners', body: '{"metadata":{"name":"a","ownerReferences":[null]}}', status: 422 },
  ])('$what: $status', async ({ body, status }) => {
    const { send } = testServer();
    expect((await send('POST', configMaps, { body })).status).toBe(status);
  });

  test('that deep cannot be made by patches either', async () => {
    const { send } = testServer({ objects: [widgetDefinition] });
    await send('POST', widgets, { body: `{${Widget},"metadata":{"name":"a"},"spec":{}}` });
    const deep = `${'{"a":'.repeat(900)}1${'}'.repeat(900)}`;
    await send('PATCH', `${widgets}/a`, { type: MergePatch, body: `{"spec":${deep}}` });
    expect((await send('GET', widgets)).body.items).toHaveLength(1);
  });

  test('a line break in a field name stays out of headers', async () => {
    const { send } = testServer();
    const { headers } = await send('POST', configMaps, { body: '{"metadata":{"name":"a"},"x\\r\\ny: z":1}' });
    expect(headers['warning']).toHaveLength(1);
    expect(String(headers['warning'])).not.toMatch(/\p{Cc}/u);
  });
});

describe('requests that make no sense', () => {
  test.each([
    { method: 'GET', path: '/%zz' },
    { method: 'GET', path: '/api/v1/namespaces/default/configmaps/%E0%A4%A' },
    { method: 'GET', path: `/api/v1/pods?continue=${'A'.repeat(10_000)}` },
    { method: 'GET', path: `/api/v1/pods?limit=${'9'.repeat(400)}` },
    { method: 'GET', path: `/api/v1/pods?resourceVersion=${'9'.repeat(400)}` },
    { method: 'GET', path: '/api/v1/pods?timeoutSeconds=-5&watch=1&resourceVersionMatch=x' },
    { method: 'GET', path: `/${'a/'.repeat(5000)}` },
    { method: '', path: '/api/v1/pods' },
    { method: 'BREW', path: '/api/v1/pods' },
  ])('are refused: $method $path', async ({ method, path }) => {
    const { send } = testServer();
    const { status } = await send(method, path);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });
});
