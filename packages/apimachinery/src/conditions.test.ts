import { expect, test } from 'vitest';
import {
  type Condition,
  findStatusCondition,
  isStatusConditionTrue,
  removeStatusCondition,
  setStatusCondition,
} from './conditions.js';

const then = '2020-01-01T00:00:00Z';
const now = new Date('2024-02-03T04:05:06.789Z');
const ready: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'Up',
  message: 'm',
  observedGeneration: 3,
  lastTransitionTime: then,
};
const other: Condition = { type: 'Other', status: 'True', lastTransitionTime: then };

test.each<[string, Condition[] | null | undefined, Condition, Condition[]]>([
  [
    'a first one gets the time',
    undefined,
    { type: 'Ready', status: 'True' },
    [{ type: 'Ready', status: 'True', lastTransitionTime: '2024-02-03T04:05:06Z' }],
  ],
  ['a first one keeps its own time', [], ready, [ready]],
  ['a first one where the server wrote null', null, ready, [ready]],
  ['a time that the server wrote as null is set', [{ ...ready, lastTransitionTime: null }], ready, [ready]],
  ['a new type goes to the end', [other], ready, [other, ready]],
  [
    'a change of status moves the time',
    [ready, other],
    { type: 'Ready', status: 'False', reason: 'Down', message: 'n' },
    [
      { type: 'Ready', status: 'False', reason: 'Down', message: 'n', lastTransitionTime: '2024-02-03T04:05:06Z' },
      other,
    ],
  ],
  [
    'a change of status takes the given time',
    [ready],
    { type: 'Ready', status: 'False', lastTransitionTime: '2021-01-01T00:00:00Z' },
    [{ type: 'Ready', status: 'False', lastTransitionTime: '2021-01-01T00:00:00Z' }],
  ],
  [
    'other changes leave the time, even when one is given',
    [other, ready],
    { ...ready, reason: 'Up2', message: 'n', observedGeneration: 4, lastTransitionTime: '2021-01-01T00:00:00Z' },
    [other, { ...ready, reason: 'Up2', message: 'n', observedGeneration: 4 }],
  ],
  [
    'what is not given is gone: it was about an older state',
    [ready],
    { type: 'Ready', status: 'True' },
    [{ type: 'Ready', status: 'True', lastTransitionTime: then }],
  ],
])('%s', (_, conditions, condition, expected) => {
  const before = structuredClone(conditions);
  expect(setStatusCondition(conditions, condition, now)).toEqual(expected);
  expect(conditions).toEqual(before);
});

test('a condition that changes nothing gives the same list back', () => {
  const conditions = [other, ready];
  const { lastTransitionTime: _, ...same } = ready;
  expect(setStatusCondition(conditions, same, now)).toBe(conditions);
  expect(setStatusCondition(conditions, ready, now)).toBe(conditions);
  expect(setStatusCondition(conditions, { ...same, message: 'n' }, now)).not.toBe(conditions);
});

test('a condition is removed, and the list stays the same without it', () => {
  const conditions = [other, ready];
  expect(removeStatusCondition(conditions, 'Ready')).toEqual([other]);
  expect(removeStatusCondition(conditions, 'Missing')).toBe(conditions);
  expect(conditions).toEqual([other, ready]);
});

test.each([
  ['Ready', ready, true],
  ['Other', { ...other, status: 'False' }, false],
  ['Missing', undefined, false],
])('%s is found, and is true or not', (type, expected, isTrue) => {
  const conditions = [ready, { ...other, status: 'False' }];
  expect(findStatusCondition(conditions, type)).toEqual(expected);
  expect(isStatusConditionTrue(conditions, type)).toBe(isTrue);
  expect(isStatusConditionTrue(undefined, type)).toBe(false);
});
