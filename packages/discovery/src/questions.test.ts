import { isForbidden } from '@client-ts/apimachinery/errors';
import { describe, expect, it } from 'vitest';
import { CachedDiscoveryClient } from './cached-discovery-client.js';
import { failureOf, Legacy, legacyGroup, legacyList, serve } from './discovery.test.kit.js';
import { isResourceEnabled } from './is-resource-enabled.js';
import { supportsAllVerbs } from './supports-all-verbs.js';
import { matchesServerVersion, serverSupportsVersion } from './supports-version.js';

describe('isResourceEnabled', () => {
  it.each([
    ['apps', 'v1', 'deployments', true],
    ['apps', 'v1', 'olds', false],
    ['apps', 'v2', 'deployments', false],
    ['', 'v1', 'pods', true],
    ['', 'v1', 'pods/log', true],
    ['', 'v1', 'pods/exec', false],
    ['', 'v1', 'nodes/log', false],
    ['virt', 'v1', 'machines/console', true],
    ['virt', 'v1', 'machines', false],
    ['', 'v2', 'pods', false],
  ])('%s/%s %s: %s', async (group, version, resource, isEnabled) => {
    const virt = legacyList('virt/v1', 'machines/console');
    const groups = [legacyGroup('apps', ['v1'], 'v1'), legacyGroup('virt', ['v1'], 'v1')];
    const { client } = serve({ ...Legacy, '/apis': { groups }, '/apis/virt/v1': virt });
    for (const discovery of [client, new CachedDiscoveryClient(client)]) {
      expect(await isResourceEnabled(discovery, { group, version, resource })).toBe(isEnabled);
    }
  });

  it('does not take a refusal for an answer', async () => {
    const { client } = serve({ '/apis/apps/v1': 403 });
    const error = await failureOf(isResourceEnabled(client, { group: 'apps', version: 'v1', resource: 'deployments' }));
    expect(isForbidden(error)).toBe(true);
  });
});

// By client-go's TestServerSupportsVersion.
describe('serverSupportsVersion', () => {
  const batch = { groups: [legacyGroup('batch', ['v1'], 'v1')] };

  it.each([
    ['the core group', { '/api': { versions: ['v1'] } }, '', true],
    ['another group', { '/apis': batch }, 'batch', true],
    ['a version that is not there', { '/apis': batch }, 'apps', false],
    ['a server that shows nothing', {}, 'apps', true],
  ])('%s', async (_, answers, group, isSupported) => {
    expect(await serverSupportsVersion(serve(answers).client, { group, version: 'v1' })).toBe(isSupported);
  });

  it('fails as the server does', async () => {
    const error = await failureOf(serverSupportsVersion(serve({ '/api': 403 }).client, { group: '', version: 'v1' }));
    expect(isForbidden(error)).toBe(true);
  });
});

describe('matchesServerVersion', () => {
  const version = { gitVersion: 'v1.37.2', gitCommit: 'abc', gitTreeState: 'clean' };

  it.each([
    [{}, true],
    [{ gitVersion: 'v1.37.3' }, false],
    [{ gitCommit: undefined }, false],
    [{ gitTreeState: 'dirty' }, false],
  ])('compares all of it: %j', async (change, matches) => {
    const { client } = serve({ '/version': { major: '1', minor: '37', ...version } });
    expect(await matchesServerVersion(client, { ...version, ...change })).toBe(matches);
  });
});

// By client-go's TestFilteredBy.
it.each([
  [[], 3],
  [['list'], 2],
  [['list', 'watch'], 1],
  [['none'], 0],
])('supportsAllVerbs(%j)', (verbs, count) => {
  const resources = [{ verbs: [] }, { verbs: ['list', 'get'] }, { verbs: ['watch', 'get', 'list'] }];
  expect(resources.filter(supportsAllVerbs(...verbs))).toHaveLength(count);
});
