import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { type ApiResource, type ApiResources, GroupDiscoveryFailedError } from '@client-ts/discovery';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { DeferredDiscoveryRESTMapper } from './deferred-discovery-rest-mapper.js';
import { isNoMatch } from './mapping-errors.js';
import { apiResource, apiResources, outcome } from './mappers.test.kit.js';
import type { ResourceDiscovery } from './resource-discovery.js';

const pods = apiResource('v1 pods Pod');
const boxes = apiResource('a/v1 boxes Box');
const lids = apiResource('a/v1 lids Lid');

/** A server whose resources come and go, and who counts how often it is asked. */
function setUp(...served: ApiResource[]) {
  const state = { served, failed: [] as string[], down: undefined as Error | undefined, held: Promise.resolve() };
  const groupsAndResources = vi.fn<ResourceDiscovery['groupsAndResources']>(async (options) => {
    const found: ApiResources = apiResources(...state.served);
    await Promise.race([state.held, aborted(options?.signal)]);
    if (state.down) throw state.down;
    if (state.failed.length === 0) return found;
    throw new GroupDiscoveryFailedError(new Map(state.failed.map((name) => [name, new Error('stale')])), found);
  });
  const invalidate = vi.fn<() => void>();
  const clock = new FakeClock();
  const source: ResourceDiscovery = { groupsAndResources, invalidate };
  const mapper = new DeferredDiscoveryRESTMapper(source, { clock });
  const ask = (resource: string): Promise<unknown> => outcome(mapper.resourceFor({ resource }));
  const looks = (): number => groupsAndResources.mock.calls.length;
  return { state, source, mapper, clock, ask, looks, invalidate };
}

/** Rejects when that happens. */
function aborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

const noBoxes = 'no matches for resource "boxes"';

test('the server is asked when it is first needed, and not again', async () => {
  const { ask, looks, mapper } = setUp(pods, boxes);
  expect(looks()).toBe(0);
  expect(await Promise.all([ask('pods'), ask('boxes')])).toEqual(['v1 pods', 'a/v1 boxes']);
  expect(await outcome(mapper.kindFor({ resource: 'pods' }))).toEqual('v1 Pod');
  expect(await outcome(mapper.kindsFor({ resource: 'pods' }))).toEqual(['v1 Pod']);
  expect(await outcome(mapper.resourcesFor({ resource: 'pods' }))).toEqual(['v1 pods']);
  expect(await outcome(mapper.restMapping({ group: '', kind: 'Pod' }))).toEqual('v1 pods Pod');
  expect(await outcome(mapper.restMappings({ group: '', kind: 'Pod' }))).toEqual(['v1 pods Pod']);
  expect(await mapper.resourceSingularizer('pods')).toBe('pod');
  expect((await mapper.groupsAndResources()).resources).toEqual([pods, boxes]);
  expect([looks(), mapper.failure]).toEqual([1, undefined]);
});

test('what may be old, such as files of another process, is not the last word', async () => {
  const { state, source, ask, looks, invalidate } = setUp(pods);
  source.fresh = () => invalidate.mock.calls.length > 0;
  invalidate.mockImplementationOnce(() => (state.served = [pods, boxes]));
  expect(await ask('boxes')).toBe('a/v1 boxes');
  expect(looks()).toBe(2);
});

test.each([
  ['when it is fresh then', true],
  ['when it never is', false],
])('and there is no third look for what is not there: %s', async (_, isFresh) => {
  const { source, ask, looks, invalidate } = setUp(pods);
  source.fresh = () => isFresh && invalidate.mock.calls.length > 0;
  expect(await ask('boxes')).toBe(noBoxes);
  expect(await ask('boxes')).toBe(noBoxes);
  expect(looks()).toBe(2);
});

test('what has subresources and is no resource is not there', async () => {
  const status = { name: 'status', group: 'a', version: 'v1', kind: 'Box', verbs: ['get'] };
  const { ask, mapper } = setUp(pods, { ...boxes, kind: '', verbs: [], subresources: [status] });
  expect(await ask('boxes')).toBe(noBoxes);
  expect(await outcome(mapper.kindFor({ resource: 'boxes' }))).toBe(noBoxes);
});

test('what the server has since then is found, by a look that all who miss it share', async () => {
  const { state, ask, looks, invalidate } = setUp(pods);
  await ask('pods');
  state.served = [pods, boxes, lids];
  expect(await Promise.all([ask('boxes'), ask('lids'), ask('pods')])).toEqual(['a/v1 boxes', 'a/v1 lids', 'v1 pods']);
  expect(looks()).toBe(2);
  expect(invalidate).toHaveBeenCalled();
});

test('what was looked for after the question is missing, and not looked for again at once', async () => {
  const { state, ask, looks, clock } = setUp(pods);
  expect(await ask('boxes')).toBe(noBoxes);
  expect(await ask('boxes')).toBe(noBoxes);
  expect(looks()).toBe(1);
  state.served = [pods, boxes];
  await clock.advance(499);
  expect(await ask('boxes')).toBe(noBoxes);
  expect(await ask('pods')).toBe('v1 pods');
  await clock.advance(1);
  expect(await ask('boxes')).toBe('a/v1 boxes');
  expect(looks()).toBe(2);
});

test('who asks for ever costs the server two looks a minute, and a look that helps begins anew', async () => {
  const { state, ask, looks, clock } = setUp(pods);
  const looksIn = async (seconds: number): Promise<number> => {
    const before = looks();
    for (let i = 0; i < seconds * 2; i++) {
      await Promise.all([ask('boxes'), ask('boxes')]);
      await clock.advance(500);
    }
    return looks() - before;
  };
  // At 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 31.5 seconds.
  expect(await looksIn(60)).toBe(7);
  expect(await looksIn(600)).toBe(20);
  state.served = [pods, lids];
  await clock.advance(30_000);
  expect(await ask('lids')).toBe('a/v1 lids');
  expect(await looksIn(1)).toBe(2);
});

test('a look that began before the question is no answer to it', async () => {
  const { state, ask, looks } = setUp(pods);
  let release = (): void => undefined;
  state.held = new Promise<void>((resolve) => (release = resolve));
  const first = ask('pods');
  await settle();
  state.served = [pods, boxes];
  const second = ask('boxes');
  release();
  expect(await Promise.all([first, second])).toEqual(['v1 pods', 'a/v1 boxes']);
  expect(looks()).toBe(2);
});

test('groups that fail leave the others as they are, and are the cause of what is missing', async () => {
  const { state, mapper, ask } = setUp(pods);
  state.failed = ['a/v1'];
  expect(await ask('pods')).toBe('v1 pods');
  const { failure } = mapper;
  expect([...(failure?.groups.keys() ?? [])]).toEqual(['a/v1']);
  for (const asked of [
    mapper.resourceFor({ resource: 'boxes' }),
    mapper.restMapping({ group: 'a', kind: 'Box' }, { versions: ['v1'] }),
  ]) {
    const error = (await asked.catch((reason: unknown) => reason)) as Error;
    expect([isNoMatch(error), (error.cause as Error).name]).toEqual([true, 'GroupDiscoveryFailedError']);
  }
  await expect(mapper.groupsAndResources()).rejects.toMatchObject({ partial: { resources: [pods] } });
});

test('while nothing can be discovered, nothing is said to be missing, and what is known is found', async () => {
  const { state, ask, looks, clock, mapper } = setUp(pods);
  state.down = new Error('down');
  expect([await ask('pods'), await ask('pods')]).toEqual(['down', 'down']);
  state.down = undefined;
  expect(await ask('pods')).toBe('v1 pods');
  state.down = new Error('down again');
  const before = looks();
  expect([await ask('boxes'), await ask('boxes'), await ask('pods')]).toEqual(['down again', 'down again', 'v1 pods']);
  expect(looks() - before).toBe(1);
  state.down = undefined;
  await clock.advance(500);
  expect(await ask('boxes')).toBe(noBoxes);
  expect(await ask('boxes')).toBe(noBoxes);
  expect((await mapper.groupsAndResources()).resources).toEqual([pods]);
});

test('after a reset, a look that began before it is not remembered', async () => {
  const { state, ask, mapper, looks, invalidate } = setUp(pods);
  let release = (): void => undefined;
  state.held = new Promise<void>((resolve) => (release = resolve));
  const early = ask('boxes');
  await settle();
  state.served = [boxes];
  mapper.invalidate();
  expect(invalidate).toHaveBeenCalledOnce();
  release();
  expect(await early).toBe(noBoxes);
  expect(await ask('boxes')).toBe('a/v1 boxes');
  expect(looks()).toBe(2);
});

test('who aborts waits no longer; when nobody waits, the look is aborted', async () => {
  const { state, mapper, ask } = setUp(pods);
  state.held = new Promise<void>(() => undefined);
  const abort = new AbortController();
  const waiting = mapper.kindFor({ resource: 'pods' }, { signal: abort.signal });
  await settle();
  const reason = new Error('enough');
  abort.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  state.held = Promise.resolve();
  expect(await ask('pods')).toBe('v1 pods');
  await expect(mapper.kindFor({ resource: 'pods' }, { signal: abort.signal })).rejects.toBe(reason);
});

const all = ['v1 pods Pod', 'a/v1 boxes Box', 'a/v1 lids Lid', 'b/v1 cups Cup'].map((text) => apiResource(text));

test('a look that was aborted is no reason to look less often', async () => {
  const { state, mapper, ask } = setUp(pods);
  await ask('pods');
  state.held = new Promise<void>(() => undefined);
  state.served = [pods, boxes];
  const abort = new AbortController();
  const waiting = mapper.kindFor({ resource: 'boxes' }, { signal: abort.signal });
  await settle();
  abort.abort();
  await expect(waiting).rejects.toBe(abort.signal.reason);
  state.held = Promise.resolve();
  expect(await ask('boxes')).toBe('a/v1 boxes');
});

/** What happens, in any order: resources appear and go, and are asked for. */
const step = fc.record({
  kind: fc.constantFrom('serve', 'remove', 'ask', 'ask', 'wait', 'reset'),
  resource: fc.constantFrom(...all),
  ms: fc.integer({ min: 0, max: 40_000 }),
});

test('answers are what the server served at some time, never older than a pause of 30 seconds, and looks are few', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const { state, mapper, ask, clock, looks } = setUp();
      const began = clock.now();
      const servedSince = new Map<ApiResource, number>();
      const everServed = new Set<ApiResource>();
      let found = 0;
      let resets = 0;
      for (const { kind, resource, ms } of steps) {
        if (kind === 'serve' && !servedSince.has(resource)) servedSince.set(resource, clock.now());
        if (kind === 'serve') everServed.add(resource);
        if (kind === 'remove') servedSince.delete(resource);
        if (kind === 'wait') await clock.advance(ms);
        if (kind === 'reset') {
          mapper.reset();
          resets++;
        }
        state.served = [...servedSince.keys()];
        if (kind !== 'ask') continue;
        const before = looks();
        const answer = await ask(resource.resource);
        const isFound = typeof answer === 'string' && !answer.startsWith('no matches');
        if (isFound) expect(everServed).toContain(resource);
        if (isFound && looks() > before) found++;
        const since = servedSince.get(resource);
        if (since !== undefined && clock.now() - since >= 30_000) expect(isFound).toBe(true);
      }
      // One for the first question and after each reset, one for each thing found so, and those that did not help: each of
      // these runs has at most 7 in its first 31.5 seconds, and two a minute from then on.
      const runs = 1 + resets + found;
      expect(looks()).toBeLessThanOrEqual(runs * 8 + (clock.now() - began) / 30_000);
    }),
    { numRuns: 200 },
  );
});
