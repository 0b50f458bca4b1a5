import { describe, expect, test } from 'vitest';
import { parseResourcePath } from './resource-path.js';

const pods = {
  group: '',
  version: 'v1',
  resource: 'pods',
  namespace: '',
  name: '',
  subresource: '',
  rest: '',
  watch: false,
};
const deployments = { ...pods, group: 'apps', resource: 'deployments' };

describe('parseResourcePath', () => {
  test.each([
    { path: '/api/v1/pods', parsed: pods },
    { path: '/api/v1/pods/', parsed: pods },
    { path: '/api/v1/namespaces/n/pods/p', parsed: { ...pods, namespace: 'n', name: 'p' } },
    { path: '/api/v1/namespaces/n/pods/p/log', parsed: { ...pods, namespace: 'n', name: 'p', subresource: 'log' } },
    {
      path: '/api/v1/namespaces/n/pods/p/proxy/a/b',
      parsed: { ...pods, namespace: 'n', name: 'p', subresource: 'proxy', rest: 'a/b' },
    },
    { path: '/api/v1/namespaces', parsed: { ...pods, resource: 'namespaces' } },
    { path: '/api/v1/namespaces/n', parsed: { ...pods, resource: 'namespaces', name: 'n' } },
    {
      path: '/api/v1/namespaces/n/status',
      parsed: { ...pods, resource: 'namespaces', name: 'n', subresource: 'status' },
    },
    {
      path: '/api/v1/namespaces/n/finalize',
      parsed: { ...pods, resource: 'namespaces', name: 'n', subresource: 'finalize' },
    },
    { path: '/api/v1/watch/namespaces/n/pods/p', parsed: { ...pods, namespace: 'n', name: 'p', watch: true } },
    { path: '/apis/apps/v1/deployments', parsed: deployments },
    {
      path: '/apis/apps/v1/namespaces/n/deployments/d/scale',
      parsed: { ...deployments, namespace: 'n', name: 'd', subresource: 'scale' },
    },
    { path: '/api/v1/namespaces/n/pods/system%3Ap', parsed: { ...pods, namespace: 'n', name: 'system:p' } },
    { path: '/api/v1/namespaces/n/pods/a%2Fb', parsed: { ...pods, namespace: 'n', name: 'a', subresource: 'b' } },
    { path: '/api/v1/namespaces/n/pods/%zz', parsed: { ...pods, namespace: 'n', name: '%zz' } },
  ])('$path', ({ path, parsed }) => {
    expect(parseResourcePath(path)).toEqual(parsed);
  });

  test.each([
    '/',
    '/api',
    '/api/v1',
    '/api/v1/watch',
    '/apis',
    '/apis/apps',
    '/apis/apps/v1/',
    '/healthz',
    '/openapi/v3',
    '',
  ])('%s names no resource', (path) => {
    expect(parseResourcePath(path)).toBeUndefined();
  });
});
