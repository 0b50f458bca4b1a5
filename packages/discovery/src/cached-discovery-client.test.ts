import { isForbidden, isNotFound } from '@client-ts/apimachinery/errors';
import { TransportError } from '@client-ts/rest';
import { describe, expect, it } from 'vitest';
import { CachedDiscoveryClient } from './cached-discovery-client.js';
import { Aggregated, aggregated, type Answers, failureOf, group, Legacy, names, serve } from './discovery.test.kit.js';
import type { GroupDiscoveryFailedError } from './group-discovery-failed-error.js';

const Apps = { group: 'apps', version: 'v1' };
const OldApps = { group: 'apps', version: 'v1beta1' };

/** Answers may be changed between calls. */
function cached(answers: Answers): { discovery: CachedDiscoveryClient; asked: string[] } {
  const { client, asked } = serve(answers);
  return { discovery: new CachedDiscoveryClient(client), asked };
}

describe('CachedDiscoveryClient', () => {
  // By client-go's TestClient and TestMemCacheAggregatedServerGroups.
  it.each([
    ['all at once', Aggregated, 2],
    ['one by one', Legacy, 5],
  ])('asks once for everything, and anew after invalidate: %s', async (_, answers, requests) => {
    const { discovery, asked } = cached(answers);
    expect(discovery.fresh()).toBe(false);
    const [first, second] = await Promise.all([discovery.groupsAndResources(), discovery.groupsAndResources()]);
    expect(second).toBe(first);
    expect((await discovery.groups()).map(({ name }) => name)).toEqual(['', 'apps']);
    expect(names(await discovery.resourcesForGroupVersion(Apps))).toEqual(['apps/v1/deployments']);
    expect(names(await discovery.preferredResources())).toContain('apps/v1beta1/olds');
    expect([discovery.fresh(), asked.length]).toEqual([true, requests]);

    discovery.invalidate();
    expect(discovery.fresh()).toBe(false);
    await discovery.groups();
    expect(asked).toHaveLength(2 * requests);
  });

  it('does not look for what it does not know', async () => {
    const { discovery, asked } = cached(Aggregated);
    const error = await failureOf(discovery.resourcesForGroupVersion({ group: 'new', version: 'v1' }));
    expect(isNotFound(error)).toBe(true);
    expect(await discovery.resourcesForGroupVersion({ group: '', version: 'v2' })).toEqual([]);
    expect(asked).toHaveLength(2);
  });

  it('forgets with its delegate, and shares what that remembers', async () => {
    const { client, asked } = serve(Aggregated);
    const inner = new CachedDiscoveryClient(client);
    const outer = new CachedDiscoveryClient(inner);
    expect(await outer.groupsAndResources()).toBe(await inner.groupsAndResources());
    outer.invalidate();
    expect([inner.fresh(), asked.length]).toEqual([false, 2]);
  });

  // By client-go's TestServerGroupsFails.
  it.each<[string, number | Error | object]>([
    ['a server that fails', 500],
    ['a refusal', 403],
    ['no answer', new TransportError('connect', 'refused')],
    ['a server that has nothing', 404],
  ])('does not remember %s', async (_, answer) => {
    const answers: Answers = { '/api aggregated': 404, '/apis aggregated': answer };
    const { discovery } = cached(answers);
    await discovery.groups().catch(() => undefined);
    expect(discovery.fresh()).toBe(false);
    Object.assign(answers, Aggregated);
    expect(await discovery.groups()).toHaveLength(2);
    expect(discovery.fresh()).toBe(true);
  });

  // By client-go's TestPartialRetryableFailure.
  it.each<[string, number | Error]>([
    ['503', 503],
    ['429', 429],
    ['no answer', new TransportError('reset', 'reset')],
  ])('asks again for a group version that failed for the moment: %s', async (_, answer) => {
    const answers: Answers = { ...Legacy, '/apis/apps/v1': answer };
    const { discovery, asked } = cached(answers);
    const error = (await failureOf(discovery.groupsAndResources())) as GroupDiscoveryFailedError;
    expect([...error.groups.keys()]).toEqual(['apps/v1']);
    expect(discovery.fresh()).toBe(true);

    asked.length = 0;
    expect(names(await discovery.resourcesForGroupVersion(OldApps))).toHaveLength(2);
    await failureOf(discovery.resourcesForGroupVersion(Apps));
    await failureOf(discovery.groupsAndResources());
    expect(asked).toEqual(['/apis/apps/v1', '/apis/apps/v1']);

    Object.assign(answers, Legacy);
    asked.length = 0;
    const all = [discovery.groupsAndResources(), discovery.groupsAndResources()];
    const expected = ['v1/pods', 'apps/v1beta1/deployments', 'apps/v1beta1/olds', 'apps/v1/deployments'];
    for (const { resources } of await Promise.all(all)) expect(names(resources)).toEqual(expected);
    expect(names(await discovery.resourcesForGroupVersion(Apps))).toEqual(['apps/v1/deployments']);
    expect(asked).toEqual(['/apis/apps/v1']);
  });

  // By client-go's TestPartialPermanentFailure.
  it('remembers a refusal of a group version until it is invalidated', async () => {
    const answers: Answers = { ...Legacy, '/apis/apps/v1': 403 };
    const { discovery, asked } = cached(answers);
    const first = (await failureOf(discovery.groupsAndResources())) as GroupDiscoveryFailedError;
    Object.assign(answers, Legacy);
    asked.length = 0;
    const again = (await failureOf(discovery.groupsAndResources())) as GroupDiscoveryFailedError;
    expect([again.message, again.partial]).toEqual([first.message, first.partial]);
    expect(isForbidden(await failureOf(discovery.resourcesForGroupVersion(Apps)))).toBe(true);
    expect(asked).toEqual([]);
    discovery.invalidate();
    expect(names(await discovery.resourcesForGroupVersion(Apps))).toEqual(['apps/v1/deployments']);
  });

  // By client-go's TestMemCacheGroupsAndMaybeResources.
  it('remembers what a document calls stale, with the reason', async () => {
    const apis = aggregated(
      group('metrics.k8s.io', { v1: ['nodes'] }, 'Stale'),
      group('apps', { v1: ['deployments'] }),
    );
    const { discovery, asked } = cached({ ...Aggregated, '/apis aggregated': apis });
    for (const _ of [1, 2]) {
      const error = (await failureOf(discovery.groupsAndResources())) as GroupDiscoveryFailedError;
      expect([...error.groups.keys()]).toEqual(['metrics.k8s.io/v1']);
    }
    const stale = discovery.resourcesForGroupVersion({ group: 'metrics.k8s.io', version: 'v1' });
    expect(String(await failureOf(stale))).toBe('Error: stale GroupVersion discovery: metrics.k8s.io/v1');
    // Two attempts of the client.
    expect(asked).toHaveLength(4);
  });

  // By client-go's TestRetryAfterCancellation.
  it('asks anew after an abort, which is that of the caller alone', async () => {
    const { discovery, asked } = cached(Aggregated);
    const controller = new AbortController();
    const reason = new Error('enough');
    const aborted = discovery.groupsAndResources({ signal: controller.signal });
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    expect(discovery.fresh()).toBe(false);
    const before = asked.length;
    await discovery.groups();
    expect(asked).toHaveLength(before + 2);
    await expect(discovery.groups({ signal: controller.signal })).rejects.toBe(reason);
  });

  it('does not take for new what was asked for before it was invalidated', async () => {
    const answers: Answers = { ...Aggregated };
    const { discovery } = cached(answers);
    const old = discovery.groups();
    discovery.invalidate();
    expect(await old).toHaveLength(2);
    expect(discovery.fresh()).toBe(false);
    answers['/apis aggregated'] = aggregated();
    expect(await discovery.groups()).toHaveLength(1);
  });

  it('asks each time for the version of the server', async () => {
    const { discovery, asked } = cached({ '/version': { gitVersion: 'v1.37.2' } });
    for (const _ of [1, 2]) expect(await discovery.serverVersion()).toEqual({ gitVersion: 'v1.37.2' });
    expect(asked).toEqual(['/version', '/version']);
  });
});
