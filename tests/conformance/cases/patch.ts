import { expect } from 'vitest';
import { type Cases, failureOf, table, versionOf } from '../case.js';
import { sampleDeployment } from './samples.js';

export const patchCases: Cases = {
  'merge: fields are merged, null deletes, the rest stays': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', labels: { x: '1' } }, data: { keep: 'k', change: 'c', drop: 'd' } });
    const patch = { metadata: { labels: { y: '2' } }, data: { change: 'changed', drop: null, add: 'a' } };
    const patched = await client.patch('a', { type: 'merge', patch });
    expect(patched.data).toEqual({ keep: 'k', change: 'changed', add: 'a' });
    expect(patched.metadata?.labels).toEqual({ x: '1', y: '2' });
  },
  'merge: lists are replaced': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/a', 'example.com/b'] } });
    const patched = await client.patch('a', { type: 'merge', patch: { metadata: { finalizers: ['example.com/c'] } } });
    expect(patched.metadata?.finalizers).toEqual(['example.com/c']);
  },
  'json: operations in order': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', annotations: { 'example.com/x': '1' } }, data: { b: '2' } });
    const patched = await client.patch('a', {
      type: 'json',
      ops: [
        { op: 'test', path: '/metadata/annotations/example.com~1x', value: '1' },
        { op: 'replace', path: '/metadata/annotations/example.com~1x', value: '3' },
        { op: 'copy', from: '/data/b', path: '/data/c' },
        { op: 'move', from: '/data/b', path: '/data/d' },
        { op: 'remove', path: '/data/c' },
        { op: 'add', path: '/metadata/labels', value: { l: 'v' } },
      ],
    });
    expect(patched.data).toEqual({ d: '2' });
    expect(patched.metadata?.annotations).toEqual({ 'example.com/x': '3' });
    expect(patched.metadata?.labels).toEqual({ l: 'v' });
  },
  ...table(
    [
      { name: 'a test that fails', ops: [{ op: 'test', path: '/data/k', value: 'other' }] },
      { name: 'removing what is not there', ops: [{ op: 'remove', path: '/data/nothing' }] },
      { name: 'replacing what is not there', ops: [{ op: 'replace', path: '/spec/x', value: 1 }] },
      { name: 'adding below what is not there', ops: [{ op: 'add', path: '/no/such/place', value: 1 }] },
    ].map((row) => ({ ...row, name: `json: ${row.name} is Invalid, and changes nothing` })),
    async ({ clientset, raw, namespace }, { ops }) => {
      const client = clientset.coreV1().configMaps(namespace);
      const created = await client.create({ metadata: { name: 'a' }, data: { k: 'v' } });
      const { json } = await raw('PATCH', `/api/v1/namespaces/${namespace}/configmaps/a`, {
        body: [{ op: 'add', path: '/data/first', value: 'x' }, ...ops],
        headers: { 'content-type': 'application/json-patch+json' },
      });
      expect(json()).toMatchObject({ code: 422, reason: 'Invalid' });
      expect(await client.get('a')).toEqual(created);
    },
  ),
  'json: a body that is no list is BadRequest': async ({ clientset, raw, namespace }) => {
    await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' } });
    const { json } = await raw('PATCH', `/api/v1/namespaces/${namespace}/configmaps/a`, {
      body: { op: 'add' },
      headers: { 'content-type': 'application/json-patch+json' },
    });
    expect(json()).toMatchObject({ code: 400, reason: 'BadRequest' });
  },
  'strategic: lists are merged by key': async ({ clientset, namespace }) => {
    const client = clientset.appsV1().deployments(namespace);
    await client.create(sampleDeployment('a'));
    const container = { name: 'side', image: 'nginx' };
    const patched = await client.patch('a', {
      type: 'strategic',
      patch: { spec: { template: { spec: { containers: [container, { name: 'main', image: 'busybox:2' }] } } } },
    });
    const containers = patched.spec.template.spec?.containers ?? [];
    expect(containers.map(({ name, image }) => `${name} ${image}`)).toEqual(['side nginx', 'main busybox:2']);
  },
  ...table(
    [
      { name: 'a new item comes first', patch: { finalizers: ['c'] }, order: ['c', 'a', 'b', 'x'] },
      { name: 'items take the order of the patch', patch: { finalizers: ['x', 'a'] }, order: ['b', 'x', 'a'] },
      {
        name: '$setElementOrder orders, and leaves the others in their places',
        patch: { '$setElementOrder/finalizers': ['x', 'c', 'a'], finalizers: ['c'] },
        order: ['b', 'x', 'c', 'a'],
      },
    ].map((row) => ({ ...row, name: `strategic: ${row.name}` })),
    async ({ clientset, namespace }, { patch, order }) => {
      const named = (names: readonly string[]): string[] => names.map((name) => `example.com/${name}`);
      const client = clientset.coreV1().configMaps(namespace);
      await client.create({ metadata: { name: 'a', finalizers: named(['a', 'b', 'x']) } });
      const metadata = Object.fromEntries(Object.entries(patch).map(([field, names]) => [field, named(names)]));
      const patched = await client.patch('a', { type: 'strategic', patch: { metadata } });
      expect(patched.metadata?.finalizers).toEqual(named(order));
    },
  ),
  'strategic: $patch delete takes an item out': async ({ clientset, namespace }) => {
    const deployment = sampleDeployment('a');
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ];
    deployment.spec.template.spec?.containers.push({ name: 'side', image: 'nginx', env });
    await clientset.appsV1().deployments(namespace).create(deployment);
    const patched = await clientset
      .appsV1()
      .deployments(namespace)
      .patch('a', {
        type: 'strategic',
        patch: {
          spec: { template: { spec: { containers: [{ name: 'side', env: [{ name: 'A', $patch: 'delete' }] }] } } },
        },
      });
    const side = patched.spec.template.spec?.containers.find(({ name }) => name === 'side');
    expect(side?.env).toEqual([{ name: 'B', value: '2' }]);
  },
  'strategic: $patch replace replaces': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a' }, data: { a: '1', b: '2' } });
    const patched = await client.patch('a', { type: 'strategic', patch: { data: { $patch: 'replace', c: '3' } } });
    expect(patched.data).toEqual({ c: '3' });
  },
  'strategic: scalars merge into a set, and can be taken out': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a', finalizers: ['example.com/a', 'example.com/b'] } });
    const added = await client.patch('a', {
      type: 'strategic',
      patch: { metadata: { finalizers: ['example.com/c'] } },
    });
    expect(added.metadata?.finalizers).toEqual(['example.com/c', 'example.com/a', 'example.com/b']);
    const removed = await client.patch('a', {
      type: 'strategic',
      patch: { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } },
    });
    expect(removed.metadata?.finalizers).toEqual(['example.com/c', 'example.com/b']);
  },
  'a version in the patch is a condition': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' } });
    const patch = { metadata: { resourceVersion: versionOf(created) }, data: { k: '1' } };
    await client.patch('a', { type: 'merge', patch });
    expect(await failureOf(client.patch('a', { type: 'merge', patch: { ...patch, data: { k: '2' } } }))).toMatchObject({
      code: 409,
      reason: 'Conflict',
    });
  },
  'that changes nothing keeps the version': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' }, data: { k: 'v' } });
    expect(versionOf(await client.patch('a', { type: 'merge', patch: { data: { k: 'v' } } }))).toBe(versionOf(created));
  },
  'of what is not there: NotFound': async ({ clientset, namespace }) => {
    const patch = clientset.coreV1().configMaps(namespace).patch('a', { type: 'merge', patch: {} });
    expect(await failureOf(patch)).toMatchObject({ code: 404, message: 'configmaps "a" not found' });
  },
  'with a content type that is no patch: UnsupportedMediaType': async ({ raw, namespace }) => {
    const { json } = await raw('PATCH', `/api/v1/namespaces/${namespace}/configmaps/a`, { body: {} });
    expect(json()).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  },
  'cannot rename': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a' } });
    const failure = await failureOf(client.patch('a', { type: 'merge', patch: { metadata: { name: 'b' } } }));
    expect(failure.code).toBe(400);
    expect(failure.message).toContain('the name of the object (b) does not match the name on the URL (a)');
  },
  'dryRun stores nothing': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' } });
    const patched = await client.patch('a', { type: 'merge', patch: { data: { k: 'v' } } }, { dryRun: true });
    expect(patched.data).toEqual({ k: 'v' });
    expect(await client.get('a')).toEqual(created);
  },
  ...table(
    [
      {
        name: 'to another namespace',
        patch: { metadata: { namespace: 'other' } },
        code: 400,
        message: 'the namespace of the provided object does not match the namespace sent on the request',
      },
      { name: 'to another kind', patch: { kind: 'Secret' }, code: 422, message: '(v1.Secret) to (core.ConfigMap)' },
      { name: 'to another uid', patch: { metadata: { uid: 'x' } }, code: 422, message: 'metadata.uid: Invalid value' },
    ].map((row) => ({ ...row, name: `cannot change it ${row.name}` })),
    async ({ clientset, namespace }, { patch, code, message }) => {
      const client = clientset.coreV1().configMaps(namespace);
      const created = await client.create({ metadata: { name: 'a' } });
      const failure = await failureOf(client.patch('a', { type: 'merge', patch }));
      expect(failure.code).toBe(code);
      expect(failure.message).toContain(message);
      expect(await client.get('a')).toEqual(created);
    },
  ),
  'json: more than 10,000 operations: RequestEntityTooLarge': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a' } });
    const ops = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/kind', value: 'ConfigMap' }) as const);
    expect(await failureOf(client.patch('a', { type: 'json', ops }))).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
    });
  },
  'with fields that nobody knows, Strict: Invalid': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a' } });
    const patch = { surprise: 1 };
    const failure = await failureOf(client.patch('a', { type: 'merge', patch }, { fieldValidation: 'Strict' }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: 'patch' }] } });
    expect(failure.message).toContain('strict decoding error: unknown field "surprise"');
  },
};
