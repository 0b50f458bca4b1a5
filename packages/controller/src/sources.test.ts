import { configMaps, secrets } from '@client-ts/api/core/v1';
import type { OwnerReference } from '@client-ts/apimachinery';
import { RestClient } from '@client-ts/rest';
import { describe, expect, test } from 'vitest';
import { deferred, Loop } from './loop.test.kit.js';
import { mapped } from './mapped.js';
import type { ObjectRef } from './object-ref.js';
import { owned } from './owned.js';
import { fromStream } from './stream-source.js';

const owner: OwnerReference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'web', uid: 'u', controller: true };

describe('owned', () => {
  test.each<[what: string, reference: Partial<OwnerReference>, anyOwner: boolean, found: boolean]>([
    ['by the controller', {}, false, true],
    ['of another version', { apiVersion: 'v2' }, false, true],
    ['of another kind', { kind: 'Secret' }, false, false],
    ['of another group', { apiVersion: 'apps/v1' }, false, false],
    ['that does not control', { controller: false }, false, false],
    ['that does not control, asked for', { controller: false }, true, true],
  ])('%s', async (_, reference, anyOwner, found) => {
    await using loop = new Loop();
    const seen: string[] = [];
    await loop.run({
      primary: undefined,
      sources: [owned(loop.factory.informer(secrets), configMaps, { anyOwner })],
      reconcile: ({ key, uid }) => void seen.push(`${key} ${uid}`),
    });
    const children = new RestClient(loop.server.config(), loop.clock).resource(secrets, 'default');
    await children.create({ metadata: { name: 'child', ownerReferences: [{ ...owner, ...reference }] } });
    await loop.clock.advance(0);
    expect(seen).toEqual(found ? ['default/web u'] : []);
  });

  test('a child that changes hands is work for both', async () => {
    await using loop = new Loop();
    const seen: string[] = [];
    const children = new RestClient(loop.server.config(), loop.clock).resource(secrets, 'default');
    await children.create({ metadata: { name: 'child', ownerReferences: [owner] } });
    await loop.run({
      primary: undefined,
      sources: [owned(loop.factory.informer(secrets), { ...configMaps, scope: 'Cluster' })],
      reconcile: ({ key }) => void seen.push(key),
    });
    const ownerReferences = [{ ...owner, name: 'db', uid: 'v' }];
    await children.patch('child', { type: 'merge', patch: { metadata: { ownerReferences } } });
    await loop.clock.advance(0);
    expect(seen).toEqual(['web', 'web', 'db']);
  });
});

test('what a map names is reconciled; one that throws is reported with what it was about, and asked again', async () => {
  await using loop = new Loop();
  const seen: string[] = [];
  let isBroken = true;
  await loop.run({
    primary: undefined,
    sources: [
      mapped(loop.primary, function* ({ metadata }) {
        yield { name: `${metadata?.name}-1` };
        if (isBroken) throw new Error('no index');
        yield { name: `${metadata?.name}-2` };
      }),
      mapped(loop.primary, () => [{ name: '' }]),
    ],
    reconcile: ({ key }) => void seen.push(key),
  });
  await loop.create('a');
  isBroken = false;
  await loop.create('b');
  expect(seen).toEqual(['a-1', 'b-1', 'b-2']);
  const nameless = 'test: could not take: an object without a name cannot be reconciled';
  expect(loop.errors).toEqual([
    'test: what configmaps has to do with other objects could not be told of "default/a": no index',
    nameless,
    nameless,
  ]);
});

test('a predicate keeps changes back; one that throws is reported, and lets them through', async () => {
  await using loop = new Loop();
  const seen: string[] = [];
  await loop.run({
    predicate: ({ object }) => {
      if (object.metadata?.name === 'odd') throw new Error('too odd');
      return object.metadata?.name === 'a';
    },
    reconcile: ({ name }) => void seen.push(name),
  });
  await loop.create('a', 'b', 'odd');
  expect(seen).toEqual(['a', 'odd']);
  expect(loop.errors).toEqual(['test: the predicate of configmaps threw at "default/odd": too odd']);
});

describe('a stream', () => {
  test('tells of objects, is opened again when it fails, after longer and longer, and not when it ends', async () => {
    await using loop = new Loop();
    const opened: number[] = [];
    const started = loop.clock.now();
    const seen: string[] = [];
    await loop.run({
      primary: undefined,
      sources: [
        fromStream('feed', async function* () {
          opened.push(loop.clock.now() - started);
          if (opened.length === 2) yield { name: 'a', namespace: 'default' };
          await Promise.resolve();
          if (opened.length < 4) throw new Error('connection lost');
        }),
      ],
      reconcile: ({ key }, { reasons }) => void seen.push(`${key}: ${reasons.join()}`),
    });
    await loop.clock.advance(600_000);
    expect(seen).toEqual(['default/a: feed']);
    const pauses = opened.slice(1).map((at, index) => at - (opened[index] ?? 0));
    // A second before something was told and after, two at the second failure in a row; half as long again at most.
    const least = [1000, 1000, 2000];
    expect(pauses.map((ms, index) => Math.floor(ms / (least[index] ?? 0)))).toEqual([1, 1, 1]);
    expect(loop.errors).toEqual(
      Array.from({ length: 3 }, () => 'test: feed failed, and is opened again: connection lost'),
    );
  });

  test('that never says anything is left when the controller stops', async () => {
    const silent = deferred();
    let told: AbortSignal | undefined;
    {
      await using loop = new Loop();
      await loop.run({
        primary: undefined,
        sources: [
          fromStream('feed', async function* (signal): AsyncGenerator<ObjectRef> {
            told = signal;
            await silent.promise;
            yield { name: 'never' };
          }),
        ],
        reconcile: () => {},
      });
    }
    expect(told?.aborted).toBe(true);
  });

  test('that cannot be opened is reported like one that fails', async () => {
    await using loop = new Loop();
    await loop.run({
      primary: undefined,
      sources: [
        fromStream('feed', () => {
          throw new Error('no such feed');
        }),
      ],
      reconcile: () => {},
    });
    expect(loop.errors).toEqual(['test: feed failed, and is opened again: no such feed']);
  });
});
