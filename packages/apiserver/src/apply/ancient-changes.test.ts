import { expect, test } from 'vitest';
import { withAncientTogether } from './ancient-changes.js';
import { FieldSet } from './field-set.js';
import type { Ownership } from './managers.js';

function updater(index: number, apiVersion = 'v1', name = `m${String(index).padStart(2, '0')}`): Ownership {
  return {
    manager: { name, operation: 'Update', apiVersion, subresource: '' },
    fields: FieldSet.path([`f:${name}`]),
    time: `2020-01-01T00:00:${String(index).padStart(2, '0')}Z`,
  };
}

const briefly = (owners: readonly Ownership[]): string[] =>
  owners.map(({ manager, fields, time }) =>
    [manager.name, manager.apiVersion, [...fields.paths()].flat().join('+'), time?.slice(-3, -1)].join(' '),
  );
const many = (count: number): Ownership[] => Array.from({ length: count }, (_, index) => updater(index));

test('ten updaters are told apart, whatever the number of appliers', () => {
  const applier: Ownership = { ...updater(0), manager: { ...updater(0).manager, operation: 'Apply' } };
  const owners = [...many(10), applier];
  expect(withAncientTogether(owners)).toBe(owners);
});

test('the oldest are put together, with the time of the youngest of them', () => {
  const owners = withAncientTogether(many(12).toReversed());
  expect(owners).toHaveLength(10);
  expect(briefly(owners)).toContain('ancient-changes v1 f:m00+f:m01+f:m02 02');
  expect(withAncientTogether([...owners, updater(13)]).map(({ manager }) => manager.name)).not.toContain('m03');
});

test('versions stay apart', () => {
  const owners = [updater(0, 'v2'), updater(1), updater(2, 'v2'), updater(3), ...many(12).slice(4)];
  expect(
    briefly(withAncientTogether(owners))
      .filter((text) => text.startsWith('ancient'))
      .toSorted(),
  ).toEqual(['ancient-changes v1 f:m01+f:m03 03', 'ancient-changes v2 f:m00+f:m02 02']);
});
