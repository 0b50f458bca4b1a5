import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect, expectTypeOf, test } from 'vitest';
import { newCompactIndexer } from './compact-indexer.js';
import { compactObject, type CompactObject } from './compact-object.js';
import type { CacheError } from './error-handler.js';
import { metaNamespaceKey } from './key.js';
import { newIndexer } from './map-indexer.js';
import { NamespaceIndex, type WritableIndexer } from './store.js';
import { WriteOverlay, type WriteOverlayOptions } from './write-overlay.js';

interface Thing extends KubernetesObject {
  color?: string;
}

function thing(name: string, version: string, color = 'red'): Thing {
  return { metadata: { namespace: 'ns', name, resourceVersion: version }, color };
}

type Index = 'byColor';
const byColor = ({ color }: Thing): string[] => (color === undefined ? [] : [color]);
const byNamespace = ({ metadata }: Thing): string[] => [metadata?.namespace ?? ''];

interface Setting {
  readonly indexer: WritableIndexer<Thing, Index | typeof NamespaceIndex>;
  readonly overlay: WriteOverlay<Thing, Index>;
  readonly errors: CacheError[];
  /** The cache is as of this version. */
  readonly reach: (version: string) => void;
}

/** A cache that holds these things, as of version 10. */
function setUp(things: readonly Thing[], options: WriteOverlayOptions<Thing, Index> = {}): Setting {
  const indexer = newIndexer({ indexers: { [NamespaceIndex]: byNamespace, byColor } });
  for (const object of things) indexer.set(metaNamespaceKey(object), object);
  let reached = '10';
  const errors: CacheError[] = [];
  const overlay = new WriteOverlay<Thing, Index>(
    { indexer, lastSyncResourceVersion: () => reached },
    { indexers: { byColor }, onError: (error) => errors.push(error), ...options },
  );
  return { indexer, overlay, errors, reach: (version) => (reached = version) };
}

function versionOf({ overlay }: Setting, name: string): string | undefined {
  return overlay.getByKey(`ns/${name}`)?.metadata?.resourceVersion;
}

/** All that can be read, in one. */
function readingsOf({ overlay }: Setting): unknown {
  const names = (objects: readonly Thing[]): string[] => objects.map((object) => metaNamespaceKey(object)).toSorted();
  return {
    keys: overlay.listKeys().toSorted(),
    list: names(overlay.list()),
    size: overlay.size,
    red: names(overlay.byIndex('byColor', 'red')),
    blue: [...overlay.indexKeys('byColor', 'blue')],
    namespace: names(overlay.byIndex(NamespaceIndex, 'ns')),
    colors: overlay.indexValues('byColor').toSorted(),
  };
}

test('a write is seen at once, in every way to read', () => {
  const setting = setUp([thing('kept', '1'), thing('changed', '2'), thing('deleted', '3')]);
  const { overlay } = setting;
  overlay.record(thing('new', '11'));
  overlay.record(thing('changed', '12', 'blue'));
  overlay.recordGone('ns/deleted', '13');
  expect(readingsOf(setting)).toEqual({
    keys: ['ns/changed', 'ns/kept', 'ns/new'],
    list: ['ns/changed', 'ns/kept', 'ns/new'],
    size: 3,
    red: ['ns/kept', 'ns/new'],
    blue: ['ns/changed'],
    namespace: ['ns/changed', 'ns/kept', 'ns/new'],
    colors: ['blue', 'red'],
  });
  for (const name of ['kept', 'new']) overlay.recordGone(`ns/${name}`, '20');
  expect(overlay.indexValues('byColor')).toEqual(['blue']);
  expect([versionOf(setting, 'changed'), versionOf(setting, 'deleted'), overlay.pending]).toEqual(['12', undefined, 4]);
});

test('with nothing written the cache itself answers', () => {
  const kept = thing('kept', '1');
  const { overlay, indexer } = setUp([kept]);
  expect(overlay.getByKey('ns/kept')).toBe(kept);
  indexer.list = () => [kept, kept];
  expect(overlay.list()).toHaveLength(2);
});

test.each<[what: string, then: (setting: Setting) => void, shown: string | undefined, pending: number]>([
  ['has not brought it', () => undefined, '12', 1],
  ['has brought it', ({ indexer }) => indexer.set('ns/a', thing('a', '12')), '12', 1],
  ['has brought something newer', ({ indexer }) => indexer.set('ns/a', thing('a', '13')), '13', 1],
  ['has brought something older', ({ indexer }) => indexer.set('ns/a', thing('a', '9')), '12', 1],
  ['is as new', ({ reach }) => reach('12'), undefined, 0],
  ['is newer: it has been deleted since', ({ reach }) => reach('1000'), undefined, 0],
])('a write when the watch %s', (_, then, shown, pending) => {
  const setting = setUp([]);
  setting.overlay.record(thing('a', '12'));
  then(setting);
  expect(versionOf(setting, 'a')).toBe(shown);
  expect(setting.overlay.pending).toBe(pending);
});

test.each<[what: string, then: (setting: Setting) => void, shown: string | undefined]>([
  ['nothing', () => undefined, undefined],
  ['an older state', ({ indexer }) => indexer.set('ns/a', thing('a', '11')), undefined],
  ['one of the same name that was made since', ({ indexer }) => indexer.set('ns/a', thing('a', '13')), '13'],
  ['a version without it', ({ indexer, reach }) => (indexer.delete('ns/a'), reach('12')), undefined],
])('what was deleted does not come back when the watch brings %s', (_, then, shown) => {
  const setting = setUp([thing('a', '3')]);
  setting.overlay.recordGone('ns/a', '12');
  then(setting);
  expect(versionOf(setting, 'a')).toBe(shown);
});

test('a list tells what is there, what is gone, and what the cache must not show any more', () => {
  const setting = setUp([thing('a', '5'), thing('b', '7'), thing('c', '8')]);
  const { overlay, indexer, reach } = setting;
  overlay.record(thing('d', '11'));
  indexer.set('other/x', { metadata: { namespace: 'other', name: 'x', resourceVersion: '9' } });
  overlay.recordAll([thing('a', '12'), thing('b', '7')], '14', 'ns');
  expect(overlay.listKeys().toSorted()).toEqual(['ns/a', 'ns/b', 'other/x']);
  expect(versionOf(setting, 'a')).toBe('12');
  // It came and went before the list; the cache has heard of its coming only.
  indexer.set('ns/e', thing('e', '13'));
  indexer.set('other/y', { metadata: { namespace: 'other', name: 'y', resourceVersion: '13' } });
  expect(overlay.listKeys().toSorted()).toEqual(['ns/a', 'ns/b', 'other/x', 'other/y']);
  expect([overlay.getByKey('ns/e'), overlay.size]).toEqual([undefined, 4]);
  // This one came later.
  indexer.set('ns/f', thing('f', '15'));
  expect(versionOf(setting, 'f')).toBe('15');
  for (const name of ['c', 'e']) indexer.delete(`ns/${name}`);
  indexer.set('ns/a', thing('a', '12'));
  reach('14');
  expect([overlay.listKeys().toSorted(), overlay.pending]).toEqual([indexer.listKeys().toSorted(), 0]);
});

test('a list tells anew what is gone', () => {
  const { overlay, indexer } = setUp([thing('a', '5')]);
  overlay.recordGone('ns/a', '11');
  overlay.recordAll([], '14', 'ns');
  // Somebody else has made it anew, and deleted it again before the list.
  indexer.set('ns/a', thing('a', '13'));
  expect([overlay.getByKey('ns/a'), overlay.listKeys()]).toEqual([undefined, []]);
});

test.each(['10', '', 'v1'])('a list as of version %j tells nothing new', (version) => {
  const { overlay } = setUp([thing('a', '5')]);
  overlay.recordAll([], version);
  expect([overlay.listKeys(), overlay.pending]).toEqual([['ns/a'], 0]);
});

test('answers may come in any order, and later than the watch', () => {
  const setting = setUp([]);
  const { overlay, reach } = setting;
  overlay.record(thing('a', '13'));
  overlay.record(thing('a', '12'));
  overlay.recordGone('ns/a', '11');
  expect(versionOf(setting, 'a')).toBe('13');
  overlay.recordGone('ns/a', '14');
  overlay.record(thing('a', '13'));
  expect(versionOf(setting, 'a')).toBeUndefined();
  reach('20');
  overlay.record(thing('a', '15'));
  expect([versionOf(setting, 'a'), overlay.pending]).toEqual([undefined, 0]);
});

test('a write before the first list is seen, and stays when that list is older', () => {
  const setting = setUp([]);
  setting.reach('');
  setting.overlay.record(thing('a', '12'));
  expect(versionOf(setting, 'a')).toBe('12');
  setting.reach('11');
  expect(versionOf(setting, 'a')).toBe('12');
});

test.each([
  ['is gone, as that of a CRD that was removed', ''],
  ['is of a server that was restored from a backup', '5'],
])('a cache that %s shows nothing that was written before', (_, reached) => {
  const setting = setUp([thing('cached', '1')]);
  setting.overlay.record(thing('a', '12'));
  setting.reach(reached);
  expect([versionOf(setting, 'a'), versionOf(setting, 'cached'), setting.overlay.pending]).toEqual([undefined, '1', 0]);
  setting.overlay.record(thing('b', '6'));
  expect(versionOf(setting, 'b')).toBe('6');
});

test.each(['', '0', 'v1', '1.5'])(
  'a version that cannot be compared, as %j, is not shown before the watch brings it',
  (v) => {
    const setting = setUp([thing('a', '3')]);
    setting.overlay.record(thing('a', v));
    setting.overlay.recordGone('ns/a', v);
    expect([versionOf(setting, 'a'), setting.overlay.pending]).toEqual(['3', 0]);
  },
);

test('versions are compared digit by digit', () => {
  const setting = setUp([]);
  setting.reach('9007199254740992');
  setting.overlay.record(thing('a', '9007199254740993'));
  expect(versionOf(setting, 'a')).toBe('9007199254740993');
});

test('what the cache selects, and makes of objects, the overlay does', () => {
  const setting = setUp([thing('leaves', '3')], {
    belongs: ({ color }) => color !== 'blue',
    project: (object) => ({ ...object, color: 'projected' }),
  });
  setting.overlay.record(thing('a', '12'));
  setting.overlay.record(thing('b', '13', 'blue'));
  setting.overlay.record(thing('leaves', '14', 'blue'));
  expect([setting.overlay.getByKey('ns/a')?.color, versionOf(setting, 'b'), versionOf(setting, 'leaves')]).toEqual([
    'projected',
    undefined,
    undefined,
  ]);
});

test.each<Partial<WriteOverlayOptions<Thing, Index>>>([
  { project: () => undefined as unknown as Thing },
  { project: () => thing('another', '12') },
  {
    belongs: () => {
      throw new Error('no');
    },
  },
])('what cannot be shown is reported, and seen when the watch brings it: %o', (options) => {
  const setting = setUp([thing('a', '3')], options);
  setting.overlay.record(thing('a', '12'));
  expect([versionOf(setting, 'a'), setting.errors.map(({ stage, key }) => [stage, key])]).toEqual([
    '3',
    [['transform', 'ns/a']],
  ]);
});

test.each([undefined, true, false])('what is shown is frozen in tests, unless it is said otherwise: %s', (freeze) => {
  const { overlay } = setUp([], { freeze });
  const answer = thing('a', '12');
  overlay.record(answer);
  expect([Object.isFrozen(overlay.getByKey('ns/a')?.metadata), Object.isFrozen(answer)]).toEqual([
    freeze !== false,
    false,
  ]);
});

test('a function that throws is reported, and the write is seen when the watch brings it', () => {
  const setting = setUp([thing('a', '3')], {
    project: () => {
      throw new Error('no');
    },
  });
  setting.overlay.record(thing('a', '12'));
  expect([versionOf(setting, 'a'), setting.errors.map(({ stage, key }) => [stage, key])]).toEqual([
    '3',
    [['transform', 'ns/a']],
  ]);
});

test('an index that the overlay was not given is refused, whatever was written', () => {
  const setting = setUp([], { indexers: undefined });
  expect(() => setting.overlay.indexKeys('byColor', 'red')).toThrow(RangeError);
  expect(() => setting.overlay.byIndex('byColor', 'red')).toThrow('"byColor" does not exist');
  expect(() => setting.overlay.indexValues('byColor')).toThrow('"byColor" does not exist');
});

test('what a writer makes of the answer changes nothing for readers', () => {
  const { overlay } = setUp([]);
  const answer = { ...thing('a', '12'), metadata: { ...thing('a', '12').metadata, labels: { app: 'web' } } };
  overlay.record(answer);
  answer.metadata.labels.app = 'db';
  expect(overlay.getByKey('ns/a')?.metadata?.labels).toEqual({ app: 'web' });
});

test.each([undefined, true])('managed fields are shown by a cache that keeps them: %s', (keepManagedFields) => {
  const { overlay } = setUp([], { keepManagedFields });
  const managedFields = [{ manager: 'test' }];
  overlay.record({ metadata: { ...thing('a', '12').metadata, managedFields } });
  expect(overlay.getByKey('ns/a')?.metadata?.managedFields).toEqual(keepManagedFields ? managedFields : undefined);
});

test('lies over a store of bytes, too', () => {
  const decoder = {
    decode: (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Thing,
    decodeMetadata: (bytes: Uint8Array) => decoder.decode(bytes).metadata ?? {},
  };
  const compact = (object: Thing): CompactObject<Thing> => {
    const bytes = new TextEncoder().encode(JSON.stringify(object));
    return compactObject({ apiVersion: 'v1', kind: 'Thing', metadata: object.metadata ?? {}, bytes, decoder });
  };
  const byItsColor = (object: CompactObject<Thing>): string[] => [object.object().color ?? ''];
  const indexer = newCompactIndexer<Thing, Index>({ indexers: { byColor: byItsColor } });
  const overlay = new WriteOverlay<CompactObject<Thing>, Index, Thing>(
    { indexer, lastSyncResourceVersion: () => '10' },
    { indexers: { byColor: byItsColor }, project: compact },
  );
  for (const name of ['a', 'b']) indexer.set(`ns/${name}`, compact(thing(name, '3')));
  overlay.record(thing('b', '12', 'blue'));
  indexer.set('ns/c', compact(thing('c', '13')));
  overlay.record(thing('c', '11', 'blue'));
  expect(overlay.indexKeys('byColor', 'red')).toEqual(['ns/a', 'ns/c']);
  expect(overlay.byIndex('byColor', 'blue').map((object) => object.object())).toEqual([thing('b', '12', 'blue')]);
});

test('what is written is typed apart from what is cached', () => {
  const cache = { indexer: newIndexer<{ metadata: { name: string } }>(), lastSyncResourceVersion: () => '' };
  const overlay = new WriteOverlay<{ metadata: { name: string } }, never, Thing>(cache, {
    project: ({ metadata }) => ({ metadata: { name: metadata?.name ?? '' } }),
  });
  expectTypeOf(overlay.getByKey('')).toEqualTypeOf<{ metadata: { name: string } } | undefined>();
  expectTypeOf<Parameters<typeof overlay.record>>().toEqualTypeOf<[Thing]>();
});

test('a thousand writes that nobody reads leave nothing behind', () => {
  const { overlay, reach } = setUp([]);
  let most = 0;
  for (let version = 11; version < 1000; version++) {
    overlay.record(thing(`o${version}`, String(version)));
    reach(String(version - 3));
    most = Math.max(most, overlay.pending);
  }
  expect(most).toBe(3);
});
