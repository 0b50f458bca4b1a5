import type { KubernetesObject } from '@client-ts/apimachinery';
import { expect } from 'vitest';
import { type CaseContext, type Cases, table } from '../case.js';
import { ownersOf } from '../owners.js';
import { samplePod, sharedWidgets } from './samples.js';

type Answer = KubernetesObject & { readonly [field: string]: unknown };

/** Applies something, and gives the answer, whatever it is. */
async function apply(
  { raw }: CaseContext,
  path: string,
  manager: string,
  body: unknown,
  query = '',
): Promise<{ status: number; body: Answer; warning: string }> {
  const headers = { 'content-type': 'application/apply-patch+yaml' };
  const url = `${path}?fieldManager=${manager}${query}`;
  const { status, json, warning } = await raw('PATCH', url, { body, headers });
  return { status, body: json(), warning };
}

function configMap(data: unknown, metadata: object = {}): Answer {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', ...metadata }, data };
}

function deployment(spec: object, rest: object = {}): Answer {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec, ...rest };
}

function podTemplate(...containers: object[]): object {
  return { metadata: { labels: { app: 'a' } }, spec: { containers } };
}

const selector = { matchLabels: { app: 'a' } };
const configMaps = ({ namespace }: CaseContext): string => `/api/v1/namespaces/${namespace}/configmaps/a`;
const deployments = ({ namespace }: CaseContext): string => `/apis/apps/v1/namespaces/${namespace}/deployments/a`;

export const applyCases: Cases = {
  'creates what is missing, owned by its manager': async (context) => {
    const { status, body } = await apply(
      context,
      configMaps(context),
      'me',
      configMap({ k: 'v' }, { labels: { l: 'x' } }),
    );
    expect(status).toBe(201);
    expect(body['data']).toEqual({ k: 'v' });
    expect(ownersOf(body)).toEqual({
      'me Apply': { 'f:data': { 'f:k': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } },
    });
  },
  'with the client: and again, which changes nothing': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const configuration = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { k: 'v' } } as const;
    const created = await client.apply(configuration, { fieldManager: 'me' });
    expect(await client.apply(configuration, { fieldManager: 'me' })).toEqual(created);
  },
  'with the client: all characters that JSON has as they are': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const codes = [...Array(0xa1).keys(), 0x2028, 0x2029, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1f600];
    const data = Object.fromEntries(codes.map((code) => [`u${code}`, `a ${String.fromCodePoint(code)} b`]));
    const { data: applied } = await client.apply(
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data },
      { fieldManager: 'me' },
    );
    expect(applied).toEqual(data);
  },
  'defaults belong to nobody': async (context) => {
    const pod = { apiVersion: 'v1', kind: 'Pod', ...samplePod('a') };
    const { body } = await apply(context, `/api/v1/namespaces/${context.namespace}/pods/a`, 'me', pod);
    expect(body['spec']).toMatchObject({ restartPolicy: 'Always' });
    expect(ownersOf(body)).toEqual({
      'me Apply': { 'f:spec': { 'f:containers': { 'k:{"name":"main"}': { '.': {}, 'f:image': {}, 'f:name': {} } } } },
    });
  },
  'sets fields, and leaves those of others alone': async (context) => {
    await apply(context, configMaps(context), 'one', configMap({ k: 'v' }));
    const { status, body } = await apply(context, configMaps(context), 'two', configMap({ l: 'v' }));
    expect(status).toBe(200);
    expect(body['data']).toEqual({ k: 'v', l: 'v' });
    expect(ownersOf(body)).toEqual({
      'one Apply': { 'f:data': { 'f:k': {} } },
      'two Apply': { 'f:data': { 'f:l': {} } },
    });
  },
  'removes what is applied no more, and what becomes empty by that': async (context) => {
    await context.clientset
      .coreV1()
      .configMaps(context.namespace)
      .create({ metadata: { name: 'a' }, data: { other: 'v' } });
    await apply(context, configMaps(context), 'me', configMap({ k: 'v', l: 'v' }, { labels: { l: 'x' } }));
    const { body } = await apply(context, configMaps(context), 'me', configMap({ l: 'v' }));
    expect(body['data']).toEqual({ other: 'v', l: 'v' });
    expect(body.metadata).not.toHaveProperty('labels');
  },
  'a value that two apply stays until both have given it up': async (context) => {
    await apply(context, configMaps(context), 'one', configMap({ k: 'v', l: 'v' }));
    const shared = await apply(context, configMaps(context), 'two', configMap({ k: 'v' }));
    expect(ownersOf(shared.body)).toMatchObject({
      'one Apply': { 'f:data': { 'f:k': {} } },
      'two Apply': { 'f:data': { 'f:k': {} } },
    });
    expect((await apply(context, configMaps(context), 'one', configMap({ l: 'v' }))).body['data']).toEqual({
      k: 'v',
      l: 'v',
    });
    expect((await apply(context, configMaps(context), 'two', configMap(undefined))).body['data']).toEqual({ l: 'v' });
  },
  'a field of another applier: Conflict, with its name and the field': async (context) => {
    await apply(context, configMaps(context), 'one', configMap({ k: 'v' }));
    const { body } = await apply(context, configMaps(context), 'two', configMap({ k: 'w' }));
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Apply failed with 1 conflict: conflict with "one": .data.k',
      reason: 'Conflict',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.k' }] },
      code: 409,
    });
  },
  'fields of several managers: Conflict, by manager': async (context) => {
    await apply(context, configMaps(context), 'one', configMap({ k: 'v' }));
    const client = context.clientset.coreV1().configMaps(context.namespace);
    await client.patch('a', { type: 'merge', patch: { data: { l: 'v', m: 'v' } } }, { fieldManager: 'two' });
    const { body } = await apply(context, configMaps(context), 'me', configMap({ k: 'w', l: 'w', m: 'w' }));
    expect(body['message']).toBe(
      'Apply failed with 3 conflicts: conflicts with "one":\n- .data.k\nconflicts with "two" using v1:\n- .data.l\n- .data.m',
    );
  },
  'force takes fields over': async (context) => {
    await apply(context, configMaps(context), 'one', configMap({ k: 'v', l: 'v' }));
    const { body } = await apply(context, configMaps(context), 'two', configMap({ k: 'w' }), '&force=true');
    expect(body['data']).toEqual({ k: 'w', l: 'v' });
    expect(ownersOf(body)).toEqual({
      'one Apply': { 'f:data': { 'f:l': {} } },
      'two Apply': { 'f:data': { 'f:k': {} } },
    });
  },
  'what an update has changed is no longer the applier’s': async (context) => {
    await apply(context, configMaps(context), 'me', configMap({ k: 'v' }));
    const client = context.clientset.coreV1().configMaps(context.namespace);
    await client.update({ metadata: { name: 'a' }, data: { k: 'w' } }, { fieldManager: 'updater' });
    expect((await apply(context, configMaps(context), 'me', configMap({ k: 'v' }))).body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "updater" using v1: .data.k',
    );
    const { body } = await apply(context, configMaps(context), 'me', configMap({}));
    expect(body['data']).toEqual({ k: 'w' });
  },
  'what was there before ownership was known belongs to somebody without a name': async (context) => {
    const client = context.clientset.coreV1().configMaps(context.namespace);
    await client.create({ metadata: { name: 'a' }, data: { k: 'v' } });
    await client.patch('a', { type: 'merge', patch: { metadata: { managedFields: [] } } });
    expect((await apply(context, configMaps(context), 'me', configMap({ k: 'w' }))).body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "before-first-apply" using v1: .data.k',
    );
    expect(ownersOf((await apply(context, configMaps(context), 'me', configMap({ l: 'v' }))).body)).toEqual({
      'before-first-apply Update': { 'f:data': { '.': {}, 'f:k': {} } },
      'me Apply': { 'f:data': { 'f:l': {} } },
    });
  },
  'lists are merged by key, in the order of what is applied': async (context) => {
    const path = deployments(context);
    const template = podTemplate(
      { name: 'x', image: 'i', env: [{ name: 'A', value: '1' }] },
      { name: 'y', image: 'i' },
    );
    await apply(context, path, 'one', deployment({ selector, template }));
    const second = podTemplate({ name: 'n', image: 'i' }, { name: 'y', ports: [{ containerPort: 80 }] }, { name: 'x' });
    const namesOf = ({ body }: { body: Answer }): string[] =>
      (body as { spec: { template: { spec: { containers: { name: string }[] } } } }).spec.template.spec.containers.map(
        ({ name }) => name,
      );
    expect(namesOf(await apply(context, path, 'two', deployment({ template: second })))).toEqual(['n', 'y', 'x']);
    expect(namesOf(await apply(context, path, 'two', deployment({ template: podTemplate({ name: 'y' }) })))).toEqual([
      'y',
      'x',
    ]);
  },
  'keys have defaults': async (context) => {
    const path = `/api/v1/namespaces/${context.namespace}/services/a`;
    const service = (...ports: object[]): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { ports },
    });
    await apply(context, path, 'one', service({ name: 't', port: 53 }, { name: 'u', port: 53, protocol: 'UDP' }));
    const { body } = await apply(
      context,
      path,
      'two',
      service({ port: 53, protocol: 'TCP', targetPort: 5353 }),
      '&force=true',
    );
    expect(body['spec']).toMatchObject({
      ports: [
        { name: 't', port: 53, protocol: 'TCP', targetPort: 5353 },
        { name: 'u', port: 53, protocol: 'UDP', targetPort: 53 },
      ],
    });
  },
  'sets are merged by value': async (context) => {
    const path = configMaps(context);
    const finalizers = (...names: string[]): Answer =>
      configMap(undefined, { finalizers: names.map((name) => `example.com/${name}`) });
    await apply(context, path, 'one', finalizers('a', 'b'));
    const added = await apply(context, path, 'two', finalizers('c', 'b'));
    expect(added.body.metadata?.finalizers).toEqual(['example.com/a', 'example.com/c', 'example.com/b']);
    const removed = await apply(context, path, 'one', configMap(undefined));
    expect(removed.body.metadata?.finalizers).toEqual(['example.com/c', 'example.com/b']);
    await apply(context, path, 'two', configMap(undefined));
  },
  'what is atomic is replaced, and a conflict as a whole': async (context) => {
    const path = `/api/v1/namespaces/${context.namespace}/services/a`;
    const service = (chosen: object): object => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a' },
      spec: { ports: [{ port: 80 }], selector: chosen },
    });
    await apply(context, path, 'one', service({ a: 'b' }));
    const { body } = await apply(context, path, 'two', service({ c: 'd' }));
    expect(body['message']).toBe('Apply failed with 1 conflict: conflict with "one": .spec.selector');
    const forced = await apply(context, path, 'two', service({ c: 'd' }), '&force=true');
    expect(forced.body['spec']).toMatchObject({ selector: { c: 'd' } });
    expect((forced.body['spec'] as { selector: object }).selector).not.toHaveProperty('a');
  },
  'a struct goes with its last field, with what the server has put into it': async (context) => {
    const template = podTemplate({ name: 'main', image: 'i' });
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3 } };
    await apply(context, deployments(context), 'me', deployment({ selector, template, strategy }));
    const { body } = await apply(context, deployments(context), 'me', deployment({ selector, template }));
    expect(body['spec']).toMatchObject({ strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } } });
  },
  'a field that somebody else has taken over is not removed': async (context) => {
    const template = podTemplate({ name: 'main', image: 'i' });
    await apply(context, deployments(context), 'me', deployment({ selector, template, replicas: 3 }));
    const client = context.clientset.appsV1().deployments(context.namespace);
    await client.updateScale('a', { metadata: { name: 'a' }, spec: { replicas: 5 } }, { fieldManager: 'scaler' });
    const conflict = await apply(context, deployments(context), 'me', deployment({ selector, template, replicas: 3 }));
    expect(conflict.body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
    );
    const { body } = await apply(context, deployments(context), 'me', deployment({ selector, template }));
    expect(body['spec']).toMatchObject({ replicas: 5 });
  },
  'through status: sets the status only': async (context) => {
    const template = podTemplate({ name: 'main', image: 'i' });
    await apply(context, deployments(context), 'one', deployment({ selector, template }));
    const status = { replicas: 2, conditions: [{ type: 'Available', status: 'True' }] };
    const { body } = await apply(
      context,
      `${deployments(context)}/status`,
      'two',
      deployment({ replicas: 9 }, { status }),
    );
    expect(body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 2 } });
    expect(ownersOf(body)['two Apply status']).toEqual({
      'f:status': {
        'f:conditions': { 'k:{"type":"Available"}': { '.': {}, 'f:status': {}, 'f:type': {} } },
        'f:replicas': {},
      },
    });
    const removed = await apply(
      context,
      `${deployments(context)}/status`,
      'two',
      deployment({}, { status: { replicas: 2 } }),
    );
    expect(removed.body['status']).toEqual({ replicas: 2 });
  },
  'through the object: does not set the status': async (context) => {
    const template = podTemplate({ name: 'main', image: 'i' });
    const { body } = await apply(
      context,
      deployments(context),
      'me',
      deployment({ selector, template }, { status: { replicas: 9 } }),
    );
    expect(body['status']).toEqual({});
    expect(ownersOf(body)['me Apply']).not.toHaveProperty(['f:status']);
  },
  'through status, of what is not there: NotFound': async (context) => {
    const { body } = await apply(
      context,
      `${deployments(context)}/status`,
      'me',
      deployment({}, { status: { replicas: 'x' } }),
    );
    expect(body).toMatchObject({ code: 404, message: 'deployments.apps "a" not found' });
  },
  'through scale': async (context) => {
    const template = podTemplate({ name: 'main', image: 'i' });
    await apply(context, deployments(context), 'one', deployment({ selector, template, replicas: 1 }));
    const scale = { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a' }, spec: { replicas: 4 } };
    const path = `${deployments(context)}/scale`;
    expect((await apply(context, path, 'two', scale)).body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    );
    expect((await apply(context, path, 'two', scale, '&force=true')).body['spec']).toEqual({ replicas: 4 });
    const owners = ownersOf(await context.clientset.appsV1().deployments(context.namespace).get('a'));
    expect(owners['two Apply scale']).toEqual({ 'f:spec': { 'f:replicas': {} } });
  },
  'of custom resources: by their schema': async (context) => {
    const widgets = await sharedWidgets(context);
    const { apiVersion = '' } = await widgets.create({ metadata: { name: 'other' }, spec: { size: 1 } });
    const path = `/apis/${apiVersion}/namespaces/${context.namespace}/widgets/a`;
    const widget = (spec: object): object => ({ apiVersion, kind: 'Widget', metadata: { name: 'a' }, spec });
    const first = { size: 1, zones: ['x', 'y'], parts: [{ name: 'p', weight: 1 }], tags: ['t'], free: { a: { b: 1 } } };
    expect((await apply(context, path, 'one', widget(first))).status).toBe(201);
    const second = { zones: ['z'], parts: [{ name: 'q' }, { name: 'p' }], free: { a: { c: 2 } } };
    expect((await apply(context, path, 'two', widget(second))).body['spec']).toEqual({
      size: 1,
      color: 'red',
      zones: ['x', 'y', 'z'],
      parts: [{ name: 'q' }, { name: 'p', weight: 1 }],
      tags: ['t'],
      free: { a: { b: 1, c: 2 } },
    });
    const conflict = await apply(context, path, 'two', widget({ tags: ['u'] }));
    expect(conflict.body['message']).toBe('Apply failed with 1 conflict: conflict with "one": .spec.tags');
  },
  'of custom resources: their status': async (context) => {
    const widgets = await sharedWidgets(context);
    const { apiVersion, kind } = await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    const configuration = {
      apiVersion,
      kind,
      metadata: { name: 'a' },
      spec: { size: 5 },
      status: { ready: true },
    } as object;
    const applied = await widgets.applyStatus(configuration, { fieldManager: 'me' });
    expect(applied).toMatchObject({ spec: { size: 1 }, status: { ready: true } });
    expect(ownersOf(applied)['me Apply status']).toEqual({ 'f:status': { 'f:ready': {} } });
  },
  'kubectl takes over what it has applied from its own side': async (context) => {
    const LastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
    const annotations = { [LastApplied]: JSON.stringify(configMap({ k: 'v', l: 'v' })) };
    const client = context.clientset.coreV1().configMaps(context.namespace);
    const manager = { fieldManager: 'kubectl-client-side-apply' };
    await client.create({ metadata: { name: 'a', annotations }, data: { k: 'v', l: 'changed' } }, manager);
    expect((await apply(context, configMaps(context), 'other', configMap({ k: 'w' }))).body['code']).toBe(409);
    expect((await apply(context, configMaps(context), 'kubectl', configMap({ k: 'w', l: 'w' }))).body['message']).toBe(
      'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.l',
    );
    const { body } = await apply(context, configMaps(context), 'kubectl', configMap({ k: 'w' }));
    expect(body['data']).toEqual({ k: 'w', l: 'changed' });
    expect(JSON.parse(body.metadata?.annotations?.[LastApplied] ?? '')).toEqual(configMap({ k: 'w' }));
  },
  'as YAML': async (context) => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  k: "1"\n';
    expect((await apply(context, configMaps(context), 'me', yaml)).body['data']).toEqual({ k: '1' });
  },
  'dryRun stores nothing': async (context) => {
    await apply(context, configMaps(context), 'me', configMap({ k: 'v' }));
    const { body } = await apply(context, configMaps(context), 'me', configMap({ k: 'w' }), '&dryRun=All');
    expect(body['data']).toEqual({ k: 'w' });
    expect((await context.clientset.coreV1().configMaps(context.namespace).get('a')).data).toEqual({ k: 'v' });
  },
  'without a name in what is applied: fine when the object is there': async (context) => {
    await apply(context, configMaps(context), 'me', configMap({ k: 'v' }));
    const nameless = { apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'w' } };
    expect((await apply(context, configMaps(context), 'me', nameless)).body['data']).toEqual({ k: 'w' });
  },
  'with an old version: Conflict': async (context) => {
    const { body } = await apply(context, configMaps(context), 'me', configMap({ k: 'v' }));
    const { resourceVersion } = body.metadata ?? {};
    await apply(context, configMaps(context), 'me', configMap({ k: 'w' }));
    const late = await apply(context, configMaps(context), 'me', configMap({ k: 'x' }, { resourceVersion }));
    expect(late.body).toMatchObject({ code: 409, reason: 'Conflict' });
    expect(late.body['message']).toContain('the object has been modified');
  },
  'fields that stand twice: a warning, an error where the client is strict': async (context) => {
    await apply(context, configMaps(context), 'me', configMap({ k: 'v' }));
    const twice = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"1","k":"2"}}';
    const warned = await apply(context, configMaps(context), 'me', twice);
    expect(warned.body['data']).toEqual({ k: '2' });
    expect(warned.warning).toContain('k');
    const strict = await apply(context, configMaps(context), 'me', twice, '&fieldValidation=Strict');
    expect(strict.body).toMatchObject({ code: 400, reason: 'BadRequest' });
  },
  'a surrogate in an escape: refused, also beside its other half': async (context) => {
    const start = '"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}';
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: ';
    const refusals = [
      [String.raw`{${start},"data":{"k":"\ud800"}}`, ''],
      [String.raw`{${start},"data":{"k":"\\\ud83d\ude00"}}`, ''],
      [String.raw`{${start},"data":{"\uD800":"v"}}`, ''],
      [`{${start},\n"data":{"k":\n"\\uDC00"}}`, 'line 3: '],
      [`${yaml}"\\udfff"}\n`, 'line 4: '],
      [`${yaml}"\\ud83d\\ude00"}\n`, 'line 4: '],
      [`${yaml}"\\U0000d800"}\n`, 'line 4: '],
    ] as const;
    for (const [text, line] of refusals) {
      const { body } = await apply(context, configMaps(context), 'me', text);
      expect(body).toMatchObject({ code: 400, reason: 'BadRequest' });
      // What comes before differs among versions.
      expect(body['message']).toMatch(new RegExp(`: yaml: ${line}found invalid Unicode character escape code$`));
    }
  },
  'what only looks like an escape of a surrogate: taken': async (context) => {
    const json = String.raw`{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":"\\ud800 \ud7ff"}}`;
    const one = await apply(context, configMaps(context), 'me', json);
    expect(one.body['data']).toEqual({ k: '\\ud800 \ud7ff' });
    const yaml =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: \'\\ud800\', l: "\\\\ud800"} # "\\ud800"\n';
    const other = await apply(context, configMaps(context), 'me', yaml);
    expect(other.body['data']).toEqual({ k: '\\ud800', l: '\\ud800' });
  },
  'without a manager: Invalid': async (context) => {
    const { json } = await context.raw('PATCH', configMaps(context), {
      body: configMap({}),
      headers: { 'content-type': 'application/apply-patch+yaml' },
    });
    expect(json()).toMatchObject({
      code: 422,
      message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    });
  },
  ...table(
    [
      {
        name: 'a uid where nothing is',
        metadata: { uid: 'u' },
        code: 409,
        message: 'uid mismatch: the provided object specified uid u, and no existing object was found',
      },
      {
        name: 'another name',
        metadata: { name: 'b' },
        code: 400,
        message: 'the name of the object (b) does not match the name on the URL (a)',
      },
      { name: 'no name where nothing is', metadata: { name: '' }, code: 400, message: 'name must be provided' },
      {
        name: 'another namespace',
        metadata: { namespace: 'other' },
        code: 400,
        message: 'the namespace of the provided object does not match the namespace sent on the request',
      },
      { name: 'owners', metadata: { managedFields: [] }, code: 400, message: 'metadata.managedFields must be nil' },
      {
        name: 'a metadata field that is not declared',
        metadata: { nonsense: 1 },
        code: 500,
        message: '.metadata.nonsense: field not declared in schema',
      },
      {
        name: 'a label that is no text',
        metadata: { labels: { l: 1 } },
        code: 500,
        message: '.metadata.labels.l: expected string, got &value.valueUnstructured{Value:1}',
      },
      {
        name: 'a finalizer twice',
        metadata: { finalizers: ['e.com/f', 'e.com/f'] },
        code: 500,
        message: '.metadata.finalizers: duplicate entries for key [="e.com/f"]',
      },
    ].map((row) => ({ ...row, name: `with ${row.name} is refused` })),
    async (context, { metadata, code, message }) => {
      const { body } = await apply(context, configMaps(context), 'me', configMap({ k: 'v' }, metadata));
      expect(body['code']).toBe(code);
      expect(body['message']).toContain(message);
    },
  ),
  ...table(
    [
      { name: 'another kind', change: { kind: 'Secret' }, code: 400, message: 'invalid object type: /v1, Kind=Secret' },
      {
        name: 'another version',
        change: { apiVersion: 'v2' },
        code: 400,
        message: 'invalid object type: /v2, Kind=ConfigMap',
      },
      {
        name: 'a field that is not declared',
        change: { nonsense: 1 },
        code: 500,
        message:
          'failed to create typed patch object (/a; /v1, Kind=ConfigMap): .nonsense: field not declared in schema',
      },
      { name: 'a value of another type', change: { data: 'x' }, code: 500, message: '.data: expected map, got &{x}' },
      {
        name: 'a flag that is none',
        change: { immutable: 'x' },
        code: 500,
        message: '.immutable: expected boolean, got &{x}',
      },
    ].map((row) => ({ ...row, name: `of ${row.name} is refused` })),
    async (context, { change, code, message }) => {
      const { body } = await apply(context, configMaps(context), 'me', { ...configMap({}), ...change });
      expect(body['code']).toBe(code);
      expect(body['message']).toContain(message);
    },
  ),
};
