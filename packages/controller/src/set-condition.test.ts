import { expect, test } from 'vitest';
import { setCondition } from './set-condition.js';

const before = '2020-01-01T00:00:00Z';
const now = Date.UTC(2020, 5, 1);
const after = '2020-06-01T00:00:00Z';
const ready = { type: 'Ready', status: 'True', reason: 'Serving', message: 'all is well' } as const;
const known = { ...ready, observedGeneration: 3, lastTransitionTime: before };

test.each<[what: string, condition: Parameters<typeof setCondition>[1], expected: object]>([
  [
    'another status, as of now',
    { ...ready, status: 'False', reason: 'Broken' },
    { status: 'False', lastTransitionTime: after },
  ],
  ['another reason, as of before', { ...ready, reason: 'Idle' }, { reason: 'Idle', lastTransitionTime: before }],
  ['another message, as of before', { ...ready, message: '' }, { message: '', lastTransitionTime: before }],
  ['another generation, as of before', ready, { observedGeneration: 4, lastTransitionTime: before }],
])('%s', (_, condition, expected) => {
  const object = { metadata: { generation: 4 }, status: { conditions: [known] } };
  expect(setCondition(object, condition, now)).toEqual([{ ...condition, observedGeneration: 4, ...expected }]);
  expect(object.status.conditions).toEqual([known]);
});

test('what is new comes at the end; what is as it was is the very list', () => {
  const object = { metadata: { generation: 3 }, status: { conditions: [known] } };
  expect(setCondition(object, ready, now)).toBe(object.status.conditions);
  expect(setCondition(object, { type: 'Old', status: 'False', reason: 'Young' }, now)).toEqual([
    known,
    { type: 'Old', status: 'False', reason: 'Young', message: '', observedGeneration: 3, lastTransitionTime: after },
  ]);
  expect(setCondition({}, ready, now)).toEqual([{ ...ready, lastTransitionTime: after }]);
});
