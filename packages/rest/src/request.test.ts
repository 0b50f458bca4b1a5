import { describe, expect, test } from 'vitest';
import { describeRequest, RequestError, requestPath, requestUrl, type ResourceTarget } from './request.js';

const pods: ResourceTarget = { group: '', version: 'v1', resource: 'pods' };
const deployments: ResourceTarget = { group: 'apps', version: 'v1', resource: 'deployments' };

describe('requestPath', () => {
  test.each<[ResourceTarget, string]>([
    [{ ...pods, namespace: 'ns' }, 'api/v1/namespaces/ns/pods'],
    [{ ...pods, namespace: '' }, 'api/v1/pods'],
    [pods, 'api/v1/pods'],
    [{ ...deployments, namespace: 'ns', name: 'web' }, 'apis/apps/v1/namespaces/ns/deployments/web'],
    [
      { ...deployments, namespace: 'ns', name: 'web', subresource: 'scale' },
      'apis/apps/v1/namespaces/ns/deployments/web/scale',
    ],
    [{ ...pods, namespace: 'ns', name: 'web', subresource: 'proxy/a' }, 'api/v1/namespaces/ns/pods/web/proxy/a'],
    [{ ...pods, resource: 'Pods', namespace: 'ns' }, 'api/v1/namespaces/ns/pods'],
    [
      { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', name: 'My-Team:Admin' },
      'apis/rbac.authorization.k8s.io/v1/clusterroles/My-Team:Admin',
    ],
    [{ ...pods, namespace: 'ns', name: 'a b?c#d' }, 'api/v1/namespaces/ns/pods/a%20b%3Fc%23d'],
  ])('%j is %s', (target, expected) => {
    expect(requestPath({ method: 'GET', target })).toBe(expected);
  });

  test.each<[string, ResourceTarget]>([
    ['a name with a slash', { ...pods, namespace: 'ns', name: 'a/b' }],
    ['a name with a percent sign', { ...pods, namespace: 'ns', name: 'a%2fb' }],
    ['the name .', { ...pods, namespace: 'ns', name: '.' }],
    ['the name ..', { ...pods, namespace: 'ns', name: '..' }],
    ['an empty name', { ...pods, namespace: 'ns', name: '' }],
    ['a namespace with a slash', { ...pods, namespace: '../x' }],
    ['an empty subresource', { ...pods, namespace: 'ns', name: 'a', subresource: '' }],
    ['an empty resource', { ...pods, resource: '' }],
    ['a group that is a path', { ...deployments, group: '../api' }],
    ['an empty version', { ...pods, version: '' }],
    ['a name with half a character', { ...pods, namespace: 'ns', name: 'a\ud800' }],
  ])('refuses %s', (_, target) => {
    expect(() => requestPath({ method: 'GET', target })).toThrow(RequestError);
  });

  test('refuses to create in all namespaces, and to name an object in them', () => {
    expect(() => requestPath({ method: 'POST', target: { ...pods, namespace: '' } })).toThrow(
      'an empty namespace may not be set during creation',
    );
    expect(() => requestPath({ method: 'GET', target: { ...pods, namespace: '', name: 'a' } })).toThrow(
      'an empty namespace may not be set when a resource name is provided',
    );
  });

  test('takes absolute paths as they are', () => {
    expect(requestPath({ method: 'GET', target: '/readyz' })).toBe('readyz');
  });
});

describe('requestUrl', () => {
  const base = 'https://server/base/';

  test('repeats parameters that are lists, and leaves out what is undefined', () => {
    const query = { command: ['sh', '-c'], tty: true, tail: 0, none: undefined };
    expect(requestUrl(base, { method: 'GET', target: '/exec', query }).href).toBe(
      'https://server/base/exec?command=sh&command=-c&tty=true&tail=0',
    );
  });

  test.each([
    ['/openapi/v3/api/v1?hash=AB%2FC', 'https://server/base/openapi/v3/api/v1?hash=AB%2FC'],
    ['/apis/', 'https://server/base/apis/'],
    ['/', 'https://server/base/'],
    ['a/../b', 'https://server/base/b'],
    ['//evil.example/x', 'https://server/base/evil.example/x'],
    ['http://evil.example/x', 'https://server/base/http://evil.example/x'],
  ])('the path %j goes to %s', (target, expected) => {
    expect(requestUrl(base, { method: 'GET', target }).href).toBe(expected);
  });

  test.each(['../x', '/../../x', '/a/../../x', '%2e%2e/x', '..\\x'])('the path %j is refused', (target) => {
    expect(() => requestUrl(base, { method: 'GET', target })).toThrow(/leads out of the server's base path/);
  });
});

test.each([
  [{ ...pods, namespace: 'ns' }, 'GET pods'],
  [{ ...deployments, namespace: 'ns', name: 'web' }, 'GET deployments.apps "web"'],
  [{ ...deployments, namespace: 'ns', name: 'web', subresource: 'scale' }, 'GET deployments.apps/scale "web"'],
  ['/readyz?token=secret', 'GET /readyz'],
])('%j is called %s in messages', (target, expected) => {
  expect(describeRequest({ method: 'GET', target })).toBe(expected);
});
