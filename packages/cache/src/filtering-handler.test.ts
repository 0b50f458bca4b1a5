import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import type { ResourceEventHandler } from './event-handler.js';
import { filteringHandler } from './filtering-handler.js';
import { Recorder, setUp, type Thing, thing } from './shared-informer.test.kit.js';

const isRed = ({ spec }: Thing): boolean => spec?.color === 'red';
const [red, blue] = [thing('a', 'red'), thing('a', 'blue')];

describe('a handler of red things', () => {
  test.each<[what: string, tell: (handler: ResourceEventHandler<Thing>) => void, told: string[]]>([
    ['a red one is added', (handler) => handler.onAdd?.(red, false), ['add a']],
    ['a red one is there', (handler) => handler.onAdd?.(red, true), ['add a initially']],
    ['a blue one is added', (handler) => handler.onAdd?.(blue, false), []],
    ['a red one changes', (handler) => handler.onUpdate?.(red, { ...red }), ['update a']],
    ['a red one is to be handled again', (handler) => handler.onUpdate?.(red, red), ['resync a']],
    ['a blue one changes', (handler) => handler.onUpdate?.(blue, { ...blue }), []],
    ['one becomes red', (handler) => handler.onUpdate?.(blue, red), ['add a']],
    ['one is red no more', (handler) => handler.onUpdate?.(red, blue), ['delete ns/a']],
    ['a red one goes', (h) => h.onDelete?.({ finalStateUnknown: false, key: 'ns/a', object: red }), ['delete ns/a']],
    [
      'a red one was missed',
      (h) => h.onDelete?.({ finalStateUnknown: true, key: 'ns/a', object: red }),
      ['delete ns/a unseen'],
    ],
    ['a blue one goes', (h) => h.onDelete?.({ finalStateUnknown: false, key: 'ns/a', object: blue }), []],
    [
      'one that nobody knows goes',
      (h) => h.onDelete?.({ finalStateUnknown: true, key: 'ns/a', object: undefined }),
      ['delete ns/a unseen'],
    ],
  ])('when %s', (_, tell, told) => {
    const handler = new Recorder();
    tell(filteringHandler({ filter: isRed, handler }));
    expect(handler.since()).toEqual(told);
  });
});

test('one that is red no more has gone in the last state in which it was', () => {
  const deleted: unknown[] = [];
  const handler: ResourceEventHandler<Thing> = { onDelete: (gone) => deleted.push(gone) };
  filteringHandler({ filter: isRed, handler }).onUpdate?.(red, blue);
  expect(deleted).toEqual([{ finalStateUnknown: false, key: 'ns/a', object: red }]);
});

test('handlers that do not listen to all are not told of it', () => {
  const handler = filteringHandler<KubernetesObject>({ filter: () => true, handler: {} });
  const object = { metadata: { name: 'a' } };
  expect(() => {
    handler.onAdd?.(object, false);
    handler.onUpdate?.(object, object);
    handler.onDelete?.({ finalStateUnknown: false, key: 'a', object });
  }).not.toThrow();
});

test('a filter that throws is reported as a handler that does, and hinders no other', async () => {
  const { informer, start, errors } = setUp({ objects: [thing('poison', 'x'), thing('a', 'red')] });
  const handler = new Recorder();
  const filter = (object: Thing): boolean => {
    if (object.metadata?.name === 'poison') throw new Error('poison');
    return isRed(object);
  };
  informer.addEventHandler(filteringHandler({ filter, handler }));
  await start();
  await informer.waitForSync();
  expect([handler.since(), errors.map(({ stage }) => stage)]).toEqual([['add a initially'], ['handler']]);
});
