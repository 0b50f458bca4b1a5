import type { ObjectMeta } from '@client-ts/apimachinery';
import type { CachedObject } from '@client-ts/cache';
import { describe, expect, test } from 'vitest';
import type { Change } from './change.js';
import {
  and,
  annotationChanged,
  generationChanged,
  labelChanged,
  not,
  or,
  type Predicate,
  resourceVersionChanged,
} from './predicate.js';

function update(before: ObjectMeta, after: ObjectMeta): Change<CachedObject> {
  return {
    type: 'update',
    oldObject: { metadata: { resourceVersion: '1', ...before } },
    object: { metadata: { resourceVersion: '2', ...after } },
  };
}

const all = { generationChanged, labelChanged, annotationChanged, resourceVersionChanged };
const changes: readonly [what: string, change: Change<CachedObject>, passes: readonly (keyof typeof all)[]][] = [
  ['status', update({ generation: 1 }, { generation: 1 }), ['resourceVersionChanged']],
  ['spec', update({ generation: 1 }, { generation: 2 }), ['generationChanged', 'resourceVersionChanged']],
  ['an object without generation', update({}, {}), ['generationChanged', 'resourceVersionChanged']],
  ['resync', update({ generation: 1, resourceVersion: '1' }, { generation: 1, resourceVersion: '1' }), []],
  ['resync without generation', update({ resourceVersion: '1' }, { resourceVersion: '1' }), []],
  [
    'label',
    update({ generation: 1, labels: { a: '1' } }, { generation: 1, labels: { a: '2' } }),
    ['labelChanged', 'resourceVersionChanged'],
  ],
  [
    'label of another name',
    update({ generation: 1, labels: { a: '1' } }, { generation: 1, labels: { b: '1' } }),
    ['labelChanged', 'resourceVersionChanged'],
  ],
  [
    'annotation that was added',
    update({ generation: 1 }, { generation: 1, annotations: { a: '1' } }),
    ['annotationChanged', 'resourceVersionChanged'],
  ],
  [
    'labels in another order',
    update({ generation: 1, labels: { a: '1', b: '2' } }, { generation: 1, labels: { b: '2', a: '1' } }),
    ['resourceVersionChanged'],
  ],
];

describe.each(changes)('%s', (_, change, passes) => {
  test.each(Object.entries(all))('%s', (name, predicate) => {
    expect(predicate(change)).toBe(passes.includes(name as keyof typeof all));
  });
});

test.each(Object.entries(all))('%s lets through what adds and removes objects', (_, predicate) => {
  expect(predicate({ type: 'add', object: {}, isInInitialList: false })).toBe(true);
  expect(predicate({ type: 'delete', object: {} })).toBe(true);
});

test('and, or, not', () => {
  const change = update({}, {});
  const yes: Predicate<CachedObject> = () => true;
  const no: Predicate<CachedObject> = () => false;
  const results = [and(yes, yes), and(yes, no), or(no, yes), or(no, no), not(yes), not(no), and(), or()];
  expect(results.map((predicate) => predicate(change))).toEqual([true, false, true, false, false, true, true, false]);
});
