import { nodes, pods } from '@client-ts/api/core/v1';
import { readText, RequestError, RestClient, type TransportRequest } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { type ProxyRequest, proxySubresource } from './proxy.js';

function recorder(namespace?: string) {
  const requests: TransportRequest[] = [];
  const rest = new RestClient({
    host: 'https://server.test',
    transport: {
      request(request) {
        requests.push(request);
        async function* body() {
          yield new TextEncoder().encode('hello');
        }
        return Promise.resolve({ status: 200, headers: {}, body: body(), discard: () => Promise.resolve() });
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  return { client: proxySubresource(rest, namespace === undefined ? nodes : pods, namespace), requests };
}

test.each<[string, ProxyRequest | undefined, string]>([
  ['web', undefined, 'web/proxy/'],
  ['web', { port: 8080 }, 'web:8080/proxy/'],
  ['web', { port: 'http', path: '/a/b' }, 'web:http/proxy/a/b'],
  ['web', { scheme: 'https' }, 'https:web:/proxy/'],
  ['web', { scheme: 'https', port: 443, path: 'a/' }, 'https:web:443/proxy/a/'],
  ['web', { path: 'a//b', query: { q: ['1', '2'], n: 3 } }, 'web/proxy/a//b?q=1&q=2&n=3'],
  ['web', { path: 'a b?c#d\\e%2e' }, 'web/proxy/a%20b%3Fc%23d%5Ce%252e'],
])('%s with %j is asked for at %s', async (name, request, path) => {
  const { client, requests } = recorder('ns');
  const { body } = await client.proxy(name, request);
  expect(requests.map(({ method, url }) => [method, url.pathname + url.search])).toEqual([
    ['GET', `/api/v1/namespaces/ns/pods/${path}`],
  ]);
  expect(await readText(body)).toBe('hello');
});

test('a node has no namespace, and anything may be sent', async () => {
  const { client, requests } = recorder();
  const headers = { 'content-type': 'text/plain' };
  await client.proxy('n', { method: 'POST', path: 'run', headers, body: 'text' });
  expect(requests[0]).toMatchObject({ method: 'POST', headers, body: 'text' });
  expect(requests[0]?.url.pathname).toBe('/api/v1/nodes/n/proxy/run');
});

test.each([
  [undefined, true],
  [true, true],
  [false, false],
])('longRunning: %s is sent as %s, since API servers take proxying for that', async (longRunning, expected) => {
  const { client, requests } = recorder('ns');
  await client.proxy('web', longRunning === undefined ? {} : { longRunning });
  expect(requests.map((request) => request.longRunning)).toEqual([expected]);
});

describe('refused, and not sent', () => {
  test.each<[string, string, ProxyRequest]>([
    ['ns', '..', {}],
    ['ns', '', {}],
    ['', 'web', {}],
    ['..', 'web', {}],
    ['ns', 'web', { path: '../../../secrets' }],
    ['ns', 'web', { path: 'a/./b' }],
    ['ns', 'web', { path: '/..' }],
    // Servers decode a path before they look for slashes in it.
    ['ns', 'web/log', {}],
    ['ns', '../../secrets/token', {}],
    ['ns', 'web%2Flog', {}],
    ['../kube-system', 'web', {}],
    ['ns', 'web', { port: '80/proxy/../log' }],
    // Nor may a name choose its scheme and port.
    ['ns', 'web:22', {}],
    ['ns', 'https:web:443', {}],
    ['ns', 'web', { port: '80:90' }],
    ['ns', 'web', { scheme: 'https:web:22/' as 'https' }],
  ])('%j %j %j', async (namespace, name, request) => {
    const { client, requests } = recorder(namespace);
    await expect(client.proxy(name, request)).rejects.toThrow(RequestError);
    expect(requests).toEqual([]);
  });

  test('half a character', async () => {
    const { client, requests } = recorder('ns');
    await expect(client.proxy('web', { path: 'a\ud800' })).rejects.toThrow(URIError);
    expect(requests).toEqual([]);
  });

  test('what was aborted', async () => {
    const { client, requests } = recorder('ns');
    const reason = new Error('enough');
    await expect(client.proxy('web', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(requests).toEqual([]);
  });
});
