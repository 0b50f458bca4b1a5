import { describe, expect, test } from 'vitest';
import { type Body, MergePatch, openWatch, type Send, testServer } from '../request.test.kit.js';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const things = '/apis/a.example.com/v1/namespaces/default/things';

interface Names {
  readonly plural?: string;
  readonly kind?: string;
  readonly shortNames?: string[];
}

function definition(
  { plural = 'things', kind = 'Thing', ...names }: Names = {},
  versions: object[] = [version('v1', true)],
): object {
  return {
    metadata: { name: `${plural}.a.example.com` },
    spec: { group: 'a.example.com', scope: 'Namespaced', names: { plural, kind, ...names }, versions },
  };
}

function version(name: string, storage: boolean, over: object = {}): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return { name, served: true, storage, schema, ...over };
}

const thing = (name: string, over: object = {}, apiVersion = 'a.example.com/v1'): object => ({
  apiVersion,
  kind: 'Thing',
  metadata: { name },
  ...over,
});

async function conditions(send: Send, name: string): Promise<Record<string, string>> {
  const { status } = (await send('GET', `${definitions}/${name}.a.example.com`)).body;
  const all = status['conditions'] as { type: string; status: string; reason: string }[];
  return Object.fromEntries(all.map(({ type, status: value, reason }) => [type, `${value} ${reason}`]));
}

describe('a definition', () => {
  test('is served as soon as it is there, under accepted names', async () => {
    const { send } = testServer();
    const { body } = await send('POST', definitions, { body: definition() });
    expect(body.spec['names']).toMatchObject({ singular: 'thing', listKind: 'ThingList' });
    expect(body.status).toEqual({ conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] });
    expect(await conditions(send, 'things')).toEqual({
      NamesAccepted: 'True NoConflicts',
      Established: 'True InitialNamesAccepted',
    });
    expect((await send('GET', things)).body).toMatchObject({ kind: 'ThingList', items: [] });
  });

  test('waits for names that another one has, and gets them when that goes', async () => {
    const { send } = testServer();
    await send('POST', definitions, { body: definition({ shortNames: ['t'] }) });
    await send('POST', definitions, { body: definition({ plural: 'others', shortNames: ['t'] }) });
    expect(await conditions(send, 'others')).toEqual({
      NamesAccepted: 'False ListKindConflict',
      Established: 'False NotAccepted',
    });
    expect((await send('GET', '/apis/a.example.com/v1/namespaces/default/others')).status).toBe(404);
    await send('DELETE', `${definitions}/things.a.example.com`);
    expect(await conditions(send, 'others')).toMatchObject({ Established: 'True InitialNamesAccepted' });
    expect((await send('GET', '/apis/a.example.com/v1/namespaces/default/others')).status).toBe(200);
    expect((await send('GET', things)).text).toBe('404 page not found\n');
  });

  test('goes with its objects, and waits for their finalizers', async () => {
    const { send, server } = testServer();
    await send('POST', definitions, { body: definition() });
    await send('POST', things, { body: thing('a') });
    await send('POST', things, { body: thing('b', { metadata: { name: 'b', finalizers: ['x.io/y'] } }) });
    const watch = await openWatch(server, `${things}?watch=1`);
    const { body } = await send('DELETE', `${definitions}/things.a.example.com`);
    expect(body.metadata?.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    expect(await conditions(send, 'things')).toMatchObject({ Terminating: 'True InstanceDeletionInProgress' });
    expect((await send('POST', things, { body: thing('c') })).body).toMatchObject({
      code: 403,
      message:
        'things.a.example.com "c" is forbidden: create not allowed while custom resource definition is terminating',
    });
    await send('PATCH', `${things}/b`, { type: MergePatch, body: { metadata: { finalizers: null } } });
    expect((await send('GET', `${definitions}/things.a.example.com`)).status).toBe(404);
    await watch.ended;
    expect(watch.events).toEqual(['ADDED a', 'ADDED b', 'DELETED a', 'MODIFIED b', 'DELETED b']);
  });

  test.each([
    { what: 'another name', over: { metadata: { name: 'x' } }, problem: 'must be spec.names.plural+"."+spec.group' },
    {
      what: 'no storage version',
      versions: [version('v1', false)],
      problem: 'must have exactly one version marked as storage version',
    },
    {
      what: 'a version twice',
      versions: [version('v1', true), version('v1', false)],
      problem: 'must contain unique version names',
    },
    {
      what: 'no schema',
      versions: [version('v1', true, { schema: {} })],
      problem: 'spec.versions[0].schema.openAPIV3Schema: Required value',
    },
    {
      what: 'a kind with an underscore',
      names: { kind: 'T_t' },
      problem: 'may have mixed case, but should otherwise match',
    },
  ])('with $what is not valid', async ({ over = {}, versions, names = {}, problem }) => {
    const { send } = testServer();
    const { body } = await send('POST', definitions, { body: { ...definition(names, versions), ...over } });
    expect(body).toMatchObject({ code: 422, message: expect.stringContaining(problem) });
  });
});

describe('versions', () => {
  const two = [
    version('v1beta1', false, { deprecated: true }),
    version('v1', true),
    version('v2', false, { served: false }),
  ];

  test('show the same objects; a deprecated one warns', async () => {
    const { send, server } = testServer();
    await send('POST', definitions, { body: definition({}, two) });
    const beta = '/apis/a.example.com/v1beta1/namespaces/default/things';
    const made = await send('POST', beta, { body: thing('a', { spec: { x: 1 } }, 'a.example.com/v1beta1') });
    expect(made.headers['warning']).toEqual([
      '299 - "a.example.com/v1beta1 Thing is deprecated; use a.example.com/v1 Thing"',
    ]);
    expect((await send('GET', `${things}/a`)).body).toEqual({ ...made.body, apiVersion: 'a.example.com/v1' });
    const watch = await openWatch(server, `${beta}?watch=1`);
    await send('PUT', `${beta}/a`, { body: made.body });
    await send('PATCH', `${things}/a`, { type: MergePatch, body: { spec: { x: 2 } } });
    await server.delivered();
    expect(watch.events).toEqual(['ADDED a', 'MODIFIED a']);
    expect(watch.objects[1]?.apiVersion).toBe('a.example.com/v1beta1');
    watch.close();
    expect((await send('GET', '/apis/a.example.com/v2/namespaces/default/things')).text).toBe('404 page not found\n');
  });

  test('that were stored in once stay recorded', async () => {
    const { send } = testServer();
    const { body } = await send('POST', definitions, { body: definition() });
    const versions = [version('v1', false), version('v2', true)];
    const path = `${definitions}/things.a.example.com`;
    const switched = await send('PATCH', path, { type: MergePatch, body: { spec: { versions } } });
    expect(switched.body.status['storedVersions']).toEqual(['v1', 'v2']);
    const dropped = await send('PATCH', path, {
      type: MergePatch,
      body: { spec: { versions: [version('v2', true)] } },
    });
    expect(dropped.body).toMatchObject({ code: 422, message: expect.stringContaining('missing from spec.versions') });
    expect(body.metadata?.generation).toBe(1);
  });
});

describe('objects', () => {
  const subresources = {
    status: {},
    scale: { specReplicasPath: '.spec.n', statusReplicasPath: '.status.n', labelSelectorPath: '.status.selector' },
  };

  async function served(
    over: object = {},
  ): Promise<{ send: Send; make: (name: string, rest?: object) => Promise<Body> }> {
    const { send } = testServer();
    await send('POST', definitions, { body: definition({}, [version('v1', true, { subresources, ...over })]) });
    return { send, make: async (name, rest) => (await send('POST', things, { body: thing(name, rest) })).body };
  }

  test.each([
    {
      body: { metadata: { name: 'a' } },
      status: 400,
      message: `Object 'Kind' is missing in '{"metadata":{"name":"a"}}'`,
    },
    { body: thing('a', {}, 'a.example.com/v2'), status: 400, message: 'does not match the expected API version' },
    { body: thing('a', { kind: 'Other' }), status: 422, message: 'kind: Invalid value: "Other": must be Thing' },
  ])('have to say what they are: $message', async ({ body, status, message }) => {
    const { send } = await served();
    expect((await send('POST', things, { body })).body).toMatchObject({
      code: status,
      message: expect.stringContaining(message),
    });
  });

  test('need a version to be updated, and take no strategic merge patch', async () => {
    const { send, make } = await served();
    const made = await make('a', { spec: { n: 1 } });
    expect((await send('PUT', `${things}/a`, { body: thing('a') })).status).toBe(422);
    expect((await send('PUT', `${things}/a`, { body: { ...made, spec: { n: 2 } } })).body.metadata?.generation).toBe(2);
    const strategic = await send('PATCH', `${things}/a`, { type: 'application/strategic-merge-patch+json', body: {} });
    expect(strategic.status).toBe(415);
  });

  test('with a status subresource keep status and the rest apart', async () => {
    const { send, make } = await served();
    expect(await make('a', { spec: { n: 1 }, status: { n: 9 } })).not.toHaveProperty('status');
    const body = { status: { n: 2 }, spec: { n: 7 }, metadata: { labels: { l: 'v' } } };
    const written = await send('PATCH', `${things}/a/status`, { type: MergePatch, body });
    expect(written.body).toMatchObject({ spec: { n: 1 }, status: { n: 2 }, metadata: { generation: 1 } });
    expect(written.body.metadata).not.toHaveProperty('labels');
  });

  test('scale along the paths of the definition', async () => {
    const { send, make } = await served();
    await make('a', { spec: { n: 1 } });
    await send('PATCH', `${things}/a/status`, { type: MergePatch, body: { status: { n: 3, selector: 'x=y' } } });
    expect((await send('GET', `${things}/a/scale`)).body).toMatchObject({
      spec: { replicas: 1 },
      status: { replicas: 3, selector: 'x=y' },
    });
    await send('PATCH', `${things}/a/scale`, { type: MergePatch, body: { spec: { replicas: 8 } } });
    expect((await send('GET', `${things}/a`)).body.spec).toEqual({ n: 8 });
  });

  test('are selected by the fields that the definition names', async () => {
    const spec = { type: 'object', properties: { color: { type: 'string' } } };
    const { send, make } = await served({
      selectableFields: [{ jsonPath: '.spec.color' }],
      schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
    });
    await make('a', { spec: { color: 'red' } });
    await make('b', { spec: { color: 'blue' } });
    expect((await send('GET', `${things}?fieldSelector=spec.color=red`)).body.items).toHaveLength(1);
    expect((await send('GET', `${things}?fieldSelector=spec.size=1`)).status).toBe(400);
  });
});
