import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect, test } from 'vitest';
import { nodeRules } from './node-rules.js';

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };
const other = { key: 'other', effect: 'NoSchedule' };

test.each([
  [undefined, [notReady]],
  [[other], [other, notReady]],
  [[notReady], [notReady]],
  [[{ ...notReady, effect: 'NoExecute' }], [{ ...notReady, effect: 'NoExecute' }, notReady]],
])('a new node with taints %j', (taints, expected) => {
  const node: KubernetesObject & { spec: object } = { spec: taints === undefined ? {} : { taints } };
  expect(nodeRules.initial?.(node, '')).toMatchObject({ spec: { taints: expected } });
});
