import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { daemonSetRules } from './daemon-set-rules.js';

type DaemonSet = KubernetesObject & { spec: object };

function daemonSet(generation: string | undefined, template: object): DaemonSet {
  const annotations = generation === undefined ? {} : { 'deprecated.daemonset.template.generation': generation };
  return { metadata: { name: 'a', annotations: { other: 'x', ...annotations } }, spec: { template } };
}

function generationOf(object: KubernetesObject | undefined): unknown {
  expect(object?.metadata?.annotations).toHaveProperty('other', 'x');
  return object?.metadata?.annotations?.['deprecated.daemonset.template.generation'];
}

test.each([
  [undefined, '1'],
  ['0', '1'],
  ['7', '7'],
  ['nonsense', '1'],
])('a new set that says %j has generation %s', (sent, expected) => {
  expect(generationOf(daemonSetRules.initial?.(daemonSet(sent, {}), ''))).toBe(expected);
});

test.each([
  ['the same template', { a: 1 }, '', '3'],
  ['another template', { a: 2 }, '', '4'],
  ['a status', { a: 2 }, 'status', '9'],
])('%s, whatever the client says', (_, template, subresource, expected) => {
  const changed = daemonSetRules.changed?.(daemonSet('9', template), daemonSet('3', { a: 1 }), subresource);
  expect(generationOf(changed)).toBe(expected);
});
