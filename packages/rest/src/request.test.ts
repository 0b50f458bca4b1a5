import { describe, expect, test } from 'vitest';
import { RequestError, requestPath, type ResourceTarget, setQuery } from './request.js';

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

test('setQuery repeats lists and leaves out what is undefined', () => {
  const url = new URL('http://server/');
  setQuery(url, { command: ['sh', '-c'], tty: true, tail: 0, none: undefined });
  expect(url.search).toBe('?command=sh&command=-c&tty=true&tail=0');
});
