import { expect, expectTypeOf, test } from 'vitest';
import type { KubernetesObject } from '../object.js';
import type { SuccessStatus } from './status.js';
import { isSuccessStatus } from './success-status.js';

test.each([
  [{ kind: 'Status', status: 'Success' }, true],
  [{ kind: 'Status', status: 'Failure' }, false],
  [{ kind: 'Status' }, false],
  [{ kind: 'Thing', status: 'Success' }, false],
  [{ kind: 'Thing', status: { phase: 'Success' } }, false],
  [null, false],
  [undefined, false],
  ['Status', false],
])('%j: %s', (value, expected) => {
  expect(isSuccessStatus(value)).toBe(expected);
});

test('tells objects and statuses apart, also by type', () => {
  const uidOf = (answer: KubernetesObject | SuccessStatus): string | undefined => {
    if (isSuccessStatus(answer)) {
      expectTypeOf(answer).toEqualTypeOf<SuccessStatus>();
      return answer.details?.uid;
    }
    expectTypeOf(answer).toEqualTypeOf<KubernetesObject>();
    return answer.metadata?.uid;
  };
  expect(uidOf({ kind: 'Status', status: 'Success', details: { uid: '1' } })).toBe('1');
  expect(uidOf({ kind: 'Thing', metadata: { uid: '2' } })).toBe('2');
});
