import type { Pod } from '@client-ts/api/core/v1';
import { expect } from 'vitest';
import { type Cases, failureOf, namesOf, table } from '../case.js';

const labelled = [
  { name: 'a', labels: { app: 'web', tier: 'front', weight: '5' } },
  { name: 'b', labels: { app: 'web', tier: 'back', weight: '10' } },
  { name: 'c', labels: { app: 'db' } },
  { name: 'd', labels: undefined },
];

const labelSelectors = [
  { selector: 'app=web', names: ['a', 'b'] },
  { selector: 'app==web,tier=back', names: ['b'] },
  { selector: 'app!=web', names: ['c', 'd'] },
  { selector: 'app', names: ['a', 'b', 'c'] },
  { selector: '!app', names: ['d'] },
  { selector: 'app in (web, db)', names: ['a', 'b', 'c'] },
  { selector: 'app notin (web)', names: ['c', 'd'] },
  { selector: 'tier in (front),weight', names: ['a'] },
  { selector: 'weight>5', names: ['b'] },
  { selector: 'weight<10', names: ['a'] },
  { selector: 'tier in (front,)', names: ['a'] },
  { selector: 'app=', names: [] },
];

const badSelectors = [
  'app in',
  'app in ()x',
  '=web',
  'app=web,,',
  'app===web',
  'bad key=x',
  'app=no/slash',
  'weight>many',
];

const container = { name: 'main', image: 'busybox' };
const pods: Pod[] = [
  { metadata: { name: 'a' }, spec: { nodeName: 'node-1', containers: [container] } },
  { metadata: { name: 'b' }, spec: { nodeName: 'node-2', containers: [container], restartPolicy: 'Never' } },
  { metadata: { name: 'c' }, spec: { containers: [container] } },
];

const fieldSelectors = [
  { selector: 'metadata.name=b', names: ['b'] },
  { selector: 'metadata.name!=b', names: ['a', 'c'] },
  { selector: 'spec.nodeName=node-1', names: ['a'] },
  { selector: 'spec.nodeName=', names: ['c'] },
  { selector: 'spec.nodeName!=node-1,metadata.name!=c', names: ['b'] },
  { selector: 'spec.restartPolicy=Never', names: ['b'] },
  { selector: 'status.phase=Pending', names: ['a', 'b', 'c'] },
  { selector: 'status.phase=Running', names: [] },
];

export const selectorCases: Cases = {
  ...table(
    labelSelectors.map((row) => ({ ...row, name: `labels: ${row.selector}` })),
    async ({ clientset, namespace }, { selector, names }) => {
      const client = clientset.coreV1().configMaps(namespace);
      for (const { name, labels } of labelled)
        await client.create({ metadata: { name, ...(labels ? { labels } : {}) } });
      expect(namesOf(await client.list({ labelSelector: selector }))).toEqual(names);
    },
  ),
  ...table(
    badSelectors.map((selector) => ({ selector, name: `labels that cannot be parsed: ${selector}` })),
    async ({ clientset, namespace }, { selector }) => {
      const failure = await failureOf(clientset.coreV1().configMaps(namespace).list({ labelSelector: selector }));
      expect(failure).toMatchObject({ code: 400, reason: 'BadRequest' });
    },
  ),
  ...table(
    fieldSelectors.map((row) => ({ ...row, name: `fields of pods: ${row.selector}` })),
    async ({ clientset, namespace }, { selector, names }) => {
      const client = clientset.coreV1().pods(namespace);
      for (const pod of pods) await client.create(pod);
      expect(namesOf(await client.list({ fieldSelector: selector }))).toEqual(names);
    },
  ),
  'a field that is no selectable one: BadRequest': async ({ clientset, namespace }) => {
    const failure = await failureOf(clientset.coreV1().configMaps(namespace).list({ fieldSelector: 'data.k=v' }));
    expect(failure).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(failure.message).toContain(
      '"data.k" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
  },
  'a field selector that cannot be parsed: BadRequest': async ({ clientset, namespace }) => {
    const failure = await failureOf(clientset.coreV1().configMaps(namespace).list({ fieldSelector: 'metadata.name' }));
    expect(failure).toMatchObject({ code: 400, reason: 'BadRequest' });
  },
  'secrets by type': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().secrets(namespace);
    await client.create({ metadata: { name: 'a' }, type: 'example.com/one' });
    await client.create({ metadata: { name: 'b' } });
    expect(namesOf(await client.list({ fieldSelector: 'type=Opaque' }))).toEqual(['b']);
  },
  'labels and fields together': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    for (const { name, labels } of labelled) await client.create({ metadata: { name, ...(labels ? { labels } : {}) } });
    const list = await client.list({ labelSelector: 'app', fieldSelector: 'metadata.name!=a' });
    expect(namesOf(list)).toEqual(['b', 'c']);
  },
};
