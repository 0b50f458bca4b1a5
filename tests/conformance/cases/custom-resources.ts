import { expect } from 'vitest';
import { type Cases, failureOf, namesOf, table } from '../case.js';
import { installCRD, ownWidgets, sharedWidgets, widgetCRD, WidgetGroup } from './samples.js';

export const customResourceCases: Cases = {
  'a CRD is established, and what it defines is served': async (context) => {
    const widgets = await sharedWidgets(context);
    const created = await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    expect(created).toMatchObject({
      apiVersion: `${WidgetGroup}/v1`,
      kind: 'Widget',
      metadata: { name: 'a', namespace: context.namespace, generation: 1 },
    });
    expect(namesOf(await widgets.list())).toEqual(['a']);
  },
  'the CRD says what was accepted': async (context) => {
    await sharedWidgets(context);
    const crd = await context.clientset.apiextensionsV1().customResourceDefinitions().get(`widgets.${WidgetGroup}`);
    expect(crd.status?.acceptedNames).toMatchObject({
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      listKind: 'WidgetList',
    });
    expect(crd.status?.storedVersions).toEqual(['v1']);
    expect(crd.status?.conditions?.map(({ type, status }) => [type, status])).toEqual(
      expect.arrayContaining([
        ['NamesAccepted', 'True'],
        ['Established', 'True'],
      ]),
    );
  },
  'discovery lists it, with its names': async (context) => {
    await sharedWidgets(context);
    const { json } = await context.raw('GET', `/apis/${WidgetGroup}/v1`);
    const { resources } = json() as { resources: { name: string }[] };
    expect(resources.find(({ name }) => name === 'widgets')).toMatchObject({
      singularName: 'widget',
      namespaced: true,
      kind: 'Widget',
      shortNames: ['wd'],
      categories: ['all'],
    });
    expect(resources.map(({ name }) => name)).toEqual(expect.arrayContaining(['widgets/status', 'widgets/scale']));
  },
  'defaults of the schema are filled in': async (context) => {
    const widgets = await sharedWidgets(context);
    const created = await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    expect(created.spec).toEqual({ size: 1, color: 'red' });
  },
  'fields that the schema does not know are pruned, except where it says to keep them': async (context) => {
    const widgets = await sharedWidgets(context);
    const spec = { size: 1, surprise: true, free: { anything: { goes: 1 } } };
    const created = await widgets.create({ metadata: { name: 'a' }, spec }, { fieldValidation: 'Ignore' });
    expect(created.spec).toEqual({ size: 1, color: 'red', free: { anything: { goes: 1 } } });
  },
  'int-or-string takes both': async (context) => {
    const widgets = await sharedWidgets(context);
    expect((await widgets.create({ metadata: { name: 'a' }, spec: { size: 1, port: 80 } })).spec?.port).toBe(80);
    expect((await widgets.create({ metadata: { name: 'b' }, spec: { size: 1, port: 'http' } })).spec?.port).toBe(
      'http',
    );
  },
  ...table(
    [
      { name: 'a required field is missing', spec: {}, field: 'spec.size', message: 'Required value' },
      {
        name: 'the wrong type',
        spec: { size: 'big' },
        field: 'spec.size',
        message: 'spec.size in body must be of type integer: "string"',
      },
      {
        name: 'above the maximum',
        spec: { size: 11 },
        field: 'spec.size',
        message: 'spec.size in body should be less than or equal to 10',
      },
      {
        name: 'below the minimum',
        spec: { size: -1 },
        field: 'spec.size',
        message: 'spec.size in body should be greater than or equal to 0',
      },
      {
        name: 'not in the enum',
        spec: { size: 1, color: 'blue' },
        field: 'spec.color',
        message: 'Unsupported value: "blue": supported values: "red", "green"',
      },
      {
        name: 'not as the pattern',
        spec: { size: 1, name: 'ABC' },
        field: 'spec.name',
        message: "spec.name in body should match '^[a-z]+$'",
      },
      {
        name: 'longer than allowed',
        spec: { size: 1, name: 'abcdef' },
        field: 'spec.name',
        message: 'Too long: may not be more than 5 bytes',
      },
      {
        name: 'too many items',
        spec: { size: 1, tags: ['a', 'b', 'c'] },
        field: 'spec.tags',
        message: 'Too many: 3: must have at most 2 items',
      },
      {
        name: 'an item of the wrong type',
        spec: { size: 1, tags: [1] },
        field: 'spec.tags[0]',
        message: 'spec.tags[0] in body must be of type string: "integer"',
      },
    ].map((row) => ({ ...row, name: `the schema refuses: ${row.name}` })),
    async (context, { spec, field, message }) => {
      const widgets = await sharedWidgets(context);
      const failure = await failureOf(widgets.create({ metadata: { name: 'a' }, spec: spec as { size?: number } }));
      expect(failure).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { name: 'a', kind: 'Widget', causes: [{ field }] },
      });
      expect(failure.message).toContain(message);
    },
  ),
  'status is a subresource of its own': async (context) => {
    const widgets = await sharedWidgets(context);
    const created = await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 }, status: { ready: true } });
    expect(created.status).toBeUndefined();
    const updated = await widgets.updateStatus({ ...created, spec: { size: 9 }, status: { ready: true } });
    expect(updated.status).toEqual({ ready: true });
    expect(updated.spec?.size).toBe(1);
    expect(updated.metadata?.generation).toBe(1);
  },
  'generation counts changes of the spec': async (context) => {
    const widgets = await sharedWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    const labelled = await widgets.patch('a', { type: 'merge', patch: { metadata: { labels: { x: 'y' } } } });
    expect(labelled.metadata?.generation).toBe(1);
    const resized = await widgets.patch('a', { type: 'merge', patch: { spec: { size: 2 } } });
    expect(resized.metadata?.generation).toBe(2);
  },
  'scale goes by the paths that the CRD names': async (context) => {
    const widgets = await sharedWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1, replicas: 3 } });
    const path = `/apis/${WidgetGroup}/v1/namespaces/${context.namespace}/widgets/a/scale`;
    const scale = (await context.raw('GET', path)).json();
    expect(scale).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 3 } });
    const { status } = await context.raw('PUT', path, { body: { ...scale, spec: { replicas: 5 } } });
    expect(status).toBe(200);
    expect((await widgets.get('a')).spec?.['replicas']).toBe(5);
  },
  'a strategic patch: UnsupportedMediaType': async (context) => {
    const widgets = await sharedWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    const failure = await failureOf(widgets.patch('a', { type: 'strategic', patch: { spec: { size: 2 } } }));
    expect(failure).toMatchObject({ code: 415, reason: 'UnsupportedMediaType' });
  },
  'an update needs the version that it replaces': async (context) => {
    const widgets = await sharedWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    const failure = await failureOf(widgets.update({ metadata: { name: 'a' }, spec: { size: 2 } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(failure.message).toContain('metadata.resourceVersion: Invalid value: 0: must be specified for an update');
  },
  'can be watched': async (context) => {
    const widgets = await sharedWidgets(context);
    const { metadata } = await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    await widgets.patch('a', { type: 'merge', patch: { spec: { size: 2 } } });
    for await (const event of widgets.watch({ resourceVersion: metadata?.resourceVersion, timeoutSeconds: 100 })) {
      expect(event).toMatchObject({ type: 'MODIFIED', object: { kind: 'Widget', spec: { size: 2 } } });
      break;
    }
  },
  'deleting the CRD deletes what it defined': async (context) => {
    const widgets = await ownWidgets(context);
    await widgets.create({ metadata: { name: 'a' }, spec: { size: 1 } });
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const name = `widgets.${context.namespace}.example.com`;
    const { metadata } = await crds.get(name);
    await crds.delete(name);
    const options = {
      fieldSelector: `metadata.name=${name}`,
      resourceVersion: metadata?.resourceVersion,
      timeoutSeconds: 100,
    };
    for await (const { type } of crds.watch(options)) if (type === 'DELETED') break;
    // A real server says so a moment before every one of its parts knows.
    const path = `/apis/${context.namespace}.example.com/v1/widgets`;
    await expect.poll(async () => (await context.raw('GET', path)).status, { interval: 20 }).not.toBe(200);
    expect(await failureOf(widgets.list())).toMatchObject({ code: 404 });
  },
  'a CRD whose name does not fit its spec: Invalid': async (context) => {
    const crd = widgetCRD(`${context.namespace}.example.com`);
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const failure = await failureOf(crds.create({ ...crd, metadata: { name: 'other.example.com' } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid', details: { causes: [{ field: 'metadata.name' }] } });
    expect(failure.message).toContain(`must be spec.names.plural+"."+spec.group`);
  },
  'a CRD without a storage version: Invalid': async (context) => {
    const crd = widgetCRD(`${context.namespace}.example.com`);
    const versions = crd.spec.versions.map((version) => ({ ...version, storage: false }));
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const failure = await failureOf(crds.create({ ...crd, spec: { ...crd.spec, versions } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(failure.message).toContain('must have exactly one version marked as storage version');
  },
  'a CRD whose schema leaves types open: Invalid': async (context) => {
    const crd = widgetCRD(`${context.namespace}.example.com`);
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { properties: { a: {} } } } } };
    const versions = crd.spec.versions.map((version) => ({ ...version, schema, subresources: {} }));
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const failure = await failureOf(crds.create({ ...crd, spec: { ...crd.spec, versions } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(failure.details?.causes?.map(({ reason, field }) => `${reason} ${field}`).toSorted()).toEqual([
      'FieldValueRequired spec.validation.openAPIV3Schema.properties[spec].properties[a].type',
      'FieldValueRequired spec.validation.openAPIV3Schema.properties[spec].type',
    ]);
  },
  'a CRD without a schema: Invalid': async (context) => {
    const crd = widgetCRD(`${context.namespace}.example.com`);
    const versions = crd.spec.versions.map(({ name, served, storage }) => ({ name, served, storage }));
    const crds = context.clientset.apiextensionsV1().customResourceDefinitions();
    const failure = await failureOf(crds.create({ ...crd, spec: { ...crd.spec, versions } }));
    expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(failure.message).toContain('spec.versions[0].schema.openAPIV3Schema: Required value');
  },
  'versions: what is stored in one is read in all that are served': async (context) => {
    const group = `${context.namespace}.example.com`;
    const crd = widgetCRD(group);
    const [v1] = crd.spec.versions;
    if (!v1) throw new Error('the sample has a version');
    crd.spec.versions = [
      v1,
      { ...v1, name: 'v2', storage: false },
      { ...v1, name: 'v3', storage: false, served: false },
    ];
    await installCRD(context, crd);
    const path = (version: string): string => `/apis/${group}/${version}/namespaces/${context.namespace}/widgets`;
    const body = { apiVersion: `${group}/v2`, kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1 } };
    expect((await context.raw('POST', path('v2'), { body })).json()).toMatchObject({ apiVersion: `${group}/v2` });
    expect((await context.raw('GET', `${path('v1')}/a`)).json()).toMatchObject({
      apiVersion: `${group}/v1`,
      spec: { size: 1 },
    });
    const list = (await context.raw('GET', path('v2'))).json();
    expect(list).toMatchObject({ apiVersion: `${group}/v2`, items: [{ apiVersion: `${group}/v2` }] });
    expect((await context.raw('GET', path('v3'))).status).toBe(404);
    const { json } = await context.raw('GET', `/apis/${group}`);
    expect(json()).toMatchObject({
      versions: [{ version: 'v2' }, { version: 'v1' }],
      preferredVersion: { version: 'v2' },
    });
  },
  'the body has to be of the version of the path': async (context) => {
    await sharedWidgets(context);
    const path = `/apis/${WidgetGroup}/v1/namespaces/${context.namespace}/widgets`;
    const body = { apiVersion: `${WidgetGroup}/v2`, kind: 'Widget', metadata: { name: 'a' }, spec: { size: 1 } };
    const { json } = await context.raw('POST', path, { body });
    expect(json()).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(json()['message']).toContain('does not match the expected API version');
  },
};
