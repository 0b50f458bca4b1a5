import type { KubernetesObject, ManagedFieldsEntry } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import { type Answer, ApplyPatch, MergePatch, type Send, testServer } from '../request.test.kit.js';

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const Start = '2020-01-01T00:00:00Z';

function configMap(data: unknown, metadata: object = {}): KubernetesObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', ...metadata }, data } as KubernetesObject;
}

function apply(send: Send, manager: string, body: unknown, query = '', path = `${configMaps}/c`): Promise<Answer> {
  return send('PATCH', `${path}?fieldManager=${manager}${query}`, { type: ApplyPatch, body });
}

function entriesOf({ body }: Answer): readonly ManagedFieldsEntry[] {
  return body.metadata?.managedFields ?? [];
}

/** Who owns what, briefly. */
function ownersOf(answer: Answer): Record<string, unknown> {
  return Object.fromEntries(
    entriesOf(answer).map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource].filter((part) => part !== undefined).join(' '),
      fieldsV1,
    ]),
  );
}

describe('of what is not there', () => {
  test('creates it, owned by its manager', async () => {
    const { send } = testServer();
    const created = await apply(send, 'me', configMap({ a: '1' }, { labels: { l: 'x' } }));
    expect(created.status).toBe(201);
    expect(entriesOf(created)).toEqual([
      {
        manager: 'me',
        operation: 'Apply',
        apiVersion: 'v1',
        time: Start,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:data': { 'f:a': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } },
      },
    ]);
  });

  test('leaves defaults to nobody', async () => {
    const { send } = testServer();
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    };
    const created = await apply(send, 'me', pod, '', '/api/v1/namespaces/default/pods/p');
    expect(created.body.spec).toMatchObject({ restartPolicy: 'Always', containers: [{ imagePullPolicy: 'Always' }] });
    expect(ownersOf(created)).toEqual({
      'me Apply': { 'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } },
    });
  });

  test.each([
    [
      'another uid',
      configMap({}, { uid: 'u' }),
      409,
      'uid mismatch: the provided object specified uid u, and no existing object was found',
    ],
    [
      'another name',
      configMap({}, { name: 'd' }),
      400,
      'the name of the object (d) does not match the name on the URL (c)',
    ],
    ['no name', { apiVersion: 'v1', kind: 'ConfigMap' }, 400, 'name must be provided'],
    [
      'another namespace',
      configMap({}, { namespace: 'n' }),
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
  ])('%s is refused', async (_, body, code, message) => {
    const { send } = testServer();
    const answer = await apply(send, 'me', body);
    expect(answer.body.code).toBe(code);
    expect(answer.body.message).toContain(message);
    expect((await send('GET', `${configMaps}/c`)).status).toBe(404);
  });

  test('is not found where only a subresource is applied', async () => {
    const { send } = testServer();
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      status: { replicas: 'x' },
    };
    const answer = await apply(send, 'me', deployment, '', `${deployments}/d/status`);
    expect(answer.body).toMatchObject({ code: 404, message: 'deployments.apps "d" not found' });
  });

  test('dryRun creates nothing', async () => {
    const { send } = testServer();
    expect((await apply(send, 'me', configMap({ a: '1' }), '&dryRun=All')).status).toBe(201);
    expect((await send('GET', `${configMaps}/c`)).status).toBe(404);
  });
});

describe('conflicts', () => {
  test('name the manager and the field', async () => {
    const { send } = testServer();
    await send('POST', configMaps, { body: configMap({ a: '1', b: '1' }), userAgent: 'curl/8 (x)' });
    expect((await apply(send, 'me', configMap({ a: '2' }))).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "curl" using v1: .data.a',
      reason: 'Conflict',
      details: {
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "curl" using v1', field: '.data.a' }],
      },
      code: 409,
    });
  });

  test('are listed by manager', async () => {
    const { send } = testServer();
    await apply(send, 'z', configMap({ a: '1', b: '1' }));
    await send('PATCH', `${configMaps}/c?fieldManager=y`, { type: MergePatch, body: { data: { b: '2', c: '1' } } });
    const { message } = (await apply(send, 'me', configMap({ a: '2', b: '3', c: '2' }))).body;
    expect(message).toBe(
      'Apply failed with 3 conflicts: conflicts with "y" using v1:\n- .data.b\n- .data.c\nconflicts with "z":\n- .data.a',
    );
  });

  test('there are none about values that stay: both own them then', async () => {
    const { send } = testServer();
    await apply(send, 'a', configMap({ x: '1' }));
    const shared = await apply(send, 'b', configMap({ x: '1' }));
    expect(ownersOf(shared)).toEqual({
      'a Apply': { 'f:data': { 'f:x': {} } },
      'b Apply': { 'f:data': { 'f:x': {} } },
    });
    // Who has changed nothing has no time.
    expect(entriesOf(shared).map(({ manager, time }) => [manager, time])).toEqual([
      ['b', undefined],
      ['a', Start],
    ]);
    expect((await apply(send, 'a', configMap({}))).body['data']).toEqual({ x: '1' });
    expect((await apply(send, 'b', configMap({}))).body).not.toHaveProperty('data');
  });

  test('force takes the fields over', async () => {
    const { send } = testServer();
    await apply(send, 'a', configMap({ x: '1', y: '1' }));
    const forced = await apply(send, 'b', configMap({ x: '2' }), '&force=true');
    expect(forced.body['data']).toEqual({ x: '2', y: '1' });
    expect(ownersOf(forced)).toEqual({
      'a Apply': { 'f:data': { 'f:y': {} } },
      'b Apply': { 'f:data': { 'f:x': {} } },
    });
  });

  test('with what was there before anybody was known', async () => {
    const { send } = testServer({ objects: [configMap({ a: '1', b: '1' })] });
    expect((await apply(send, 'me', configMap({ a: '2' }))).body.message).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.a',
    );
    expect(ownersOf(await apply(send, 'me', configMap({ a: '1', c: '1' })))).toEqual({
      'me Apply': { 'f:data': { 'f:a': {}, 'f:c': {} } },
      'before-first-apply Update': { 'f:data': { '.': {}, 'f:a': {}, 'f:b': {} } },
    });
  });
});

test('fields that are no longer applied go, others stay', async () => {
  const { send } = testServer();
  await send('POST', configMaps, { body: configMap({ other: '1' }) });
  await apply(send, 'me', configMap({ a: '1', b: '1' }, { labels: { l: 'x' }, finalizers: ['e.com/a', 'e.com/b'] }));
  const { body } = await apply(send, 'me', configMap({ b: '1' }, { finalizers: ['e.com/b'] }));
  expect(body['data']).toEqual({ other: '1', b: '1' });
  expect(body.metadata).not.toHaveProperty('labels');
  expect(body.metadata?.finalizers).toEqual(['e.com/b']);
});

test('applying the same again changes nothing, not even times', async () => {
  const { send, clock } = testServer();
  const first = await apply(send, 'me', configMap({ a: '1' }));
  await clock.advance(60_000);
  const again = await apply(send, 'me', configMap({ a: '1' }));
  expect(again.status).toBe(200);
  expect(again.body).toEqual(first.body);
});

describe('through status', () => {
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' } };

  test('sets and owns the status only', async () => {
    const { send } = testServer();
    await send('POST', deployments, {
      body: { ...deployment, spec: { selector: { matchLabels: { a: 'b' } }, template } },
    });
    const status = { replicas: 1, conditions: [{ type: 'Available', status: 'True' }] };
    const body = { ...deployment, metadata: { name: 'd', labels: { l: 'x' } }, spec: { replicas: 9 }, status };
    const applied = await apply(send, 'me', body, '', `${deployments}/d/status`);
    expect(applied.body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 1 } });
    expect(applied.body.metadata).not.toHaveProperty('labels');
    expect(ownersOf(applied)['me Apply status']).toEqual({
      'f:status': {
        'f:conditions': { 'k:{"type":"Available"}': { '.': {}, 'f:status': {}, 'f:type': {} } },
        'f:replicas': {},
      },
    });
  });

  test('and the status is not set through the object', async () => {
    const { send } = testServer();
    const body = { ...deployment, spec: { selector: { matchLabels: { a: 'b' } }, template }, status: { replicas: 7 } };
    const created = await apply(send, 'me', body, '', `${deployments}/d`);
    expect(created.body.status).toEqual({});
    expect(JSON.stringify(ownersOf(created))).not.toContain('f:status');
  });
});

describe('other writes are attributed, too', () => {
  test('to the manager that the client names, or else to its program', async () => {
    const { send } = testServer();
    await send('POST', configMaps, { body: configMap({ a: '1' }), userAgent: 'kubectl/v1.37 (linux)' });
    const updated = await send('PATCH', `${configMaps}/c?fieldManager=named`, {
      type: MergePatch,
      body: { data: { b: '1' } },
      userAgent: 'kubectl/v1.37',
    });
    expect(ownersOf(updated)).toEqual({
      'kubectl Update': { 'f:data': { '.': {}, 'f:a': {} } },
      'named Update': { 'f:data': { 'f:b': {} } },
    });
    await send('POST', configMaps, { body: configMap({}, { name: 'd', labels: { l: '1' } }) });
    expect(ownersOf(await send('GET', `${configMaps}/d`))).toHaveProperty(['unknown Update']);
  });

  test('the time is that of the last change of a value', async () => {
    const { send, clock } = testServer();
    const patch = (data: object): Promise<Answer> =>
      send('PATCH', `${configMaps}/c?fieldManager=me`, { type: MergePatch, body: { data } });
    await send('POST', `${configMaps}?fieldManager=me`, { body: configMap({ a: '1', b: '1' }) });
    await clock.advance(60_000);
    expect(entriesOf(await patch({ a: '1' }))[0]?.time).toBe(Start);
    expect(entriesOf(await patch({ b: null }))[0]?.time).toBe(Start);
    expect(entriesOf(await patch({ a: '2' }))[0]?.time).toBe('2020-01-01T00:01:00Z');
  });

  test('an empty list takes all ownership away, until something is applied', async () => {
    const { send } = testServer();
    await send('POST', configMaps, { body: configMap({ a: '1' }) });
    const merge = (body: object): Promise<Answer> => send('PATCH', `${configMaps}/c`, { type: MergePatch, body });
    expect(entriesOf(await merge({ metadata: { managedFields: [] } }))).toEqual([]);
    expect(entriesOf(await merge({ data: { b: '1' } }))).toEqual([]);
    expect(Object.keys(ownersOf(await apply(send, 'me', configMap({ c: '1' }))))).toEqual([
      'me Apply',
      'before-first-apply Update',
    ]);
  });

  test('entries that a client writes count, unless they are not well formed or of no version', async () => {
    const { send } = testServer();
    await send('POST', `${configMaps}?fieldManager=me`, { body: configMap({ a: '1' }) });
    const entry = {
      manager: 'x',
      operation: 'Update',
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    };
    const merge = async (...managedFields: (object | null)[]): Promise<string[]> => {
      const body = { metadata: { managedFields } };
      return Object.keys(ownersOf(await send('PATCH', `${configMaps}/c`, { type: MergePatch, body })));
    };
    expect(await merge({ ...entry, operation: 'Bad' })).toEqual(['me Update']);
    expect(await merge({ ...entry, fieldsV1: { nonsense: {} } })).toEqual(['me Update']);
    expect(await merge(entry, null)).toEqual(['me Update']);
    expect(await merge(entry)).toEqual(['x Update']);
    expect(await merge(entry, { ...entry, manager: 'y', apiVersion: 'v7' })).toEqual(['x Update']);
  });

  test('what the server adds belongs to nobody, and a binding changes no owner', async () => {
    const { send } = testServer();
    const pods = '/api/v1/namespaces/default/pods';
    const pod = { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const created = await send('POST', pods, { body: pod });
    expect(JSON.stringify(ownersOf(created))).not.toMatch(/toleration|priority|status/);
    await send('POST', `${pods}/p/binding`, { body: { metadata: { name: 'p' }, target: { name: 'n' } } });
    expect(ownersOf(await send('GET', `${pods}/p`))).toEqual(ownersOf(created));
  });
});

test('kubectl takes over what it has applied from its own side', async () => {
  const { send } = testServer();
  const LastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
  const noted = JSON.stringify(configMap({ a: '1', b: '1' }));
  const body = configMap({ a: '1', b: '2' }, { annotations: { [LastApplied]: noted } });
  await send('POST', `${configMaps}?fieldManager=kubectl-client-side-apply`, { body });
  expect((await apply(send, 'other', configMap({ a: '2' }))).status).toBe(409);
  // What has been changed since is still a conflict.
  expect((await apply(send, 'kubectl', configMap({ a: '2', b: '3' }))).body.message).toContain('.data.b');
  const applied = await apply(send, 'kubectl', configMap({ a: '2' }));
  expect(applied.body['data']).toEqual({ a: '2', b: '2' });
  expect(applied.body.metadata?.annotations?.[LastApplied]).toBe(
    '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"c"}}\n',
  );
});

describe('what is applied is checked', () => {
  test('YAML is read, too', async () => {
    const { send } = testServer();
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata:\n  a: "1"\n';
    expect((await apply(send, 'me', yaml)).body['data']).toEqual({ a: '1' });
  });

  test.each([
    ['another kind', { apiVersion: 'v1', kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    ['another version', { apiVersion: 'a/v1', kind: 'ConfigMap' }, 400, 'invalid object type: a/v1, Kind=ConfigMap'],
    ['no version', { apiVersion: 'a/b/c', kind: 5 }, 400, 'invalid object type: /, Kind='],
    ['nothing', '', 400, 'invalid object type: /, Kind='],
    ['a list', '[]', 400, 'cannot unmarshal array into Go value of type map[string]interface {}'],
    ['broken JSON', '{"a":', 400, 'error decoding patch: error converting YAML to JSON: '],
    ['broken YAML', 'a: b: c', 400, 'error decoding patch: error converting YAML to JSON: yaml: line 1'],
    ['owners', configMap({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
    [
      'a field that is not declared',
      { ...configMap({}), x: 1 },
      500,
      'failed to create typed patch object (/c; /v1, Kind=ConfigMap): .x: field not declared in schema',
    ],
    [
      'a value of another type',
      configMap({ a: 1 }, { namespace: 'default' }),
      500,
      'failed to create typed patch object (default/c; /v1, Kind=ConfigMap): .data.a: expected string, got &value.valueUnstructured{Value:1}',
    ],
    ['a label of another type', configMap({}, { labels: { a: 1 } }), 500, '.metadata.labels.a: expected string'],
    [
      'a list of finalizers that repeats itself',
      configMap({}, { finalizers: ['e.com/a', 'e.com/a'] }),
      500,
      '.metadata.finalizers: duplicate entries for key [="e.com/a"]',
    ],
    [
      'what no decoder takes',
      configMap({}, { generation: 1.5 }),
      500,
      'failed to convert new object (default/c; /v1, Kind=ConfigMap) to proper version: ',
    ],
  ])('%s', async (_, body, code, message) => {
    const { send } = testServer();
    await apply(send, 'first', configMap({ a: '1' }));
    const answer = await apply(send, 'me', body);
    expect(answer.body.code).toBe(code);
    expect(answer.body.message).toContain(message);
  });

  test.each([
    ['Strict', 400, 0],
    ['Warn', 200, 1],
    ['Ignore', 200, 0],
  ])('fields that stand twice: %s', async (validation, status, warnings) => {
    const { send } = testServer();
    await apply(send, 'first', configMap({ b: '1' }));
    const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1","a":"2"}}';
    const answer = await apply(send, 'me', twice, `&fieldValidation=${validation}`);
    expect(answer.status).toBe(status);
    expect([answer.headers['warning'] ?? []].flat()).toHaveLength(warnings);
  });

  test('what is nested too deep, or hostile', async () => {
    const { send } = testServer();
    const deep = `{"apiVersion":"v1","data":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`;
    expect((await apply(send, 'me', deep)).body.message).toContain('exceeded max depth');
    const yaml = `a: ${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect((await apply(send, 'me', yaml)).status).toBe(400);
    const polluting = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"__proto__":{"polluted":1}}';
    expect((await apply(send, 'me', polluting)).body.message).toContain('.__proto__: field not declared in schema');
    const labels = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"__proto__":"x"}}';
    expect((await apply(send, 'me', labels)).text).toContain('"data":{"__proto__":"x"}');
    expect({}).not.toHaveProperty('polluted');
  });
});
