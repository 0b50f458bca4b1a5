import { expect } from 'vitest';
import { type Cases, failureOf, nameOf, table } from '../case.js';

export const createCases: Cases = {
  'an object gets uid, creationTimestamp and resourceVersion': async ({ clientset, namespace }) => {
    const { metadata, ...rest } = await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a' }, data: { k: 'v' } });
    expect(rest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'v' } });
    expect(metadata).toMatchObject({ name: 'a', namespace });
    expect(metadata?.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(metadata?.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(metadata?.resourceVersion).toMatch(/^[1-9]\d*$/);
  },
  'generateName appends five characters that hold no vowels': async ({ clientset, namespace }) => {
    const created = await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { generateName: 'job-' } });
    expect(nameOf(created)).toMatch(/^job-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(created.metadata?.generateName).toBe('job-');
  },
  'a long generateName is cut so that the name fits': async ({ clientset, namespace }) => {
    const created = await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { generateName: 'a'.repeat(100) } });
    expect(nameOf(created)).toHaveLength(63);
  },
  'a name beats generateName': async ({ clientset, namespace }) => {
    const created = await clientset
      .coreV1()
      .configMaps(namespace)
      .create({ metadata: { name: 'a', generateName: 'b-' } });
    expect(nameOf(created)).toBe('a');
  },
  'neither name nor generateName: Invalid': async ({ clientset, namespace }) => {
    expect(await failureOf(clientset.coreV1().configMaps(namespace).create({}))).toMatchObject({
      code: 422,
      reason: 'Invalid',
      message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
      details: { kind: 'ConfigMap', causes: [{ reason: 'FieldValueRequired', field: 'metadata.name' }] },
    });
  },
  'twice: AlreadyExists': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    await client.create({ metadata: { name: 'a' } });
    expect(await failureOf(client.create({ metadata: { name: 'a' } }))).toMatchObject({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
      details: { name: 'a', kind: 'configmaps' },
    });
  },
  'in a named group, details name the group': async ({ clientset, namespace }) => {
    const client = clientset.coordinationV1().leases(namespace);
    await client.create({ metadata: { name: 'a' } });
    expect(await failureOf(client.create({ metadata: { name: 'a' } }))).toMatchObject({
      message: 'leases.coordination.k8s.io "a" already exists',
      details: { name: 'a', group: 'coordination.k8s.io', kind: 'leases' },
    });
  },
  'in a namespace that does not exist: NotFound': async ({ clientset }) => {
    expect(
      await failureOf(
        clientset
          .coreV1()
          .configMaps('nowhere')
          .create({ metadata: { name: 'a' } }),
      ),
    ).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'namespaces "nowhere" not found',
      details: { name: 'nowhere', kind: 'namespaces' },
    });
  },
  'into another namespace than the path says: BadRequest': async ({ clientset, namespace }) => {
    const object = { metadata: { name: 'a', namespace: 'default' } };
    expect(await failureOf(clientset.coreV1().configMaps(namespace).create(object))).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message: 'the namespace of the provided object does not match the namespace sent on the request',
    });
  },
  'with a resourceVersion: refused': async ({ clientset, namespace }) => {
    const object = { metadata: { name: 'a', resourceVersion: '5' } };
    expect(await failureOf(clientset.coreV1().configMaps(namespace).create(object))).toMatchObject({
      code: 500,
      message: expect.stringContaining('resourceVersion should not be set on objects to be created') as string,
    });
  },
  'uid and creationTimestamp of the client are ignored': async ({ clientset, namespace }) => {
    const metadata = { name: 'a', uid: 'mine', creationTimestamp: '2001-01-01T00:00:00Z' };
    const created = await clientset.coreV1().configMaps(namespace).create({ metadata });
    expect(created.metadata?.uid).not.toBe('mine');
    expect(created.metadata?.creationTimestamp).not.toBe('2001-01-01T00:00:00Z');
  },
  'the kind of another resource: BadRequest': async ({ raw, namespace }) => {
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' } };
    const { status, json } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body });
    expect(status).toBe(400);
    expect(json()).toMatchObject({
      reason: 'BadRequest',
      message: expect.stringContaining('cannot be handled as a ConfigMap') as string,
    });
  },
  'a body that is not JSON: BadRequest': async ({ raw, namespace }) => {
    const { status, json } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body: '{"kind":' });
    expect(status).toBe(400);
    expect(json()).toMatchObject({ kind: 'Status', reason: 'BadRequest', code: 400 });
  },
  'an unknown content type: UnsupportedMediaType': async ({ raw, namespace }) => {
    const headers = { 'content-type': 'text/csv' };
    const { status, json } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body: 'a,b', headers });
    expect(status).toBe(415);
    expect(json()).toMatchObject({ reason: 'UnsupportedMediaType' });
  },
  'dryRun answers as if, and stores nothing': async ({ clientset, namespace }) => {
    const client = clientset.coreV1().configMaps(namespace);
    const created = await client.create({ metadata: { name: 'a' } }, { dryRun: true });
    expect(created.metadata?.uid).toBeDefined();
    expect(created.metadata?.resourceVersion).toBeUndefined();
    expect(await failureOf(client.get('a'))).toMatchObject({ code: 404 });
  },
  'a field that no type has is dropped': async ({ raw, namespace }) => {
    const body = { metadata: { name: 'a' }, data: { k: 'v' }, futureField: 1 };
    const { status, json } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body });
    expect(status).toBe(201);
    expect(json()).not.toHaveProperty('futureField');
  },
  '__proto__ as a key is data': async ({ raw, namespace }) => {
    const body = `{"metadata":{"name":"a"},"data":{"__proto__":"x","constructor":"y"}}`;
    const { status, text } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body });
    expect(status).toBe(201);
    expect(text).toContain('"__proto__":"x"');
    expect(text).toContain('"constructor":"y"');
  },
  ...table(
    [
      { name: 'capitals', object: 'Web' },
      { name: 'underscore', object: 'my_web' },
      { name: 'dash at the end', object: 'web-' },
      { name: 'more than 253 characters', object: 'a'.repeat(254) },
      { name: 'a space', object: 'a b' },
    ].map((row) => ({ ...row, name: `an invalid name is Invalid: ${row.name}` })),
    async ({ clientset, namespace }, { object }) => {
      const failure = await failureOf(
        clientset
          .coreV1()
          .configMaps(namespace)
          .create({ metadata: { name: object } }),
      );
      expect(failure).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { name: object, kind: 'ConfigMap', causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name' }] },
      });
    },
  ),
  ...table(
    [
      { name: 'an invalid label key is Invalid', metadata: { labels: { 'bad key': 'x' } }, field: 'metadata.labels' },
      {
        name: 'an invalid label value is Invalid',
        metadata: { labels: { key: 'no spaces!' } },
        field: 'metadata.labels',
      },
      {
        name: 'an invalid annotation key is Invalid',
        metadata: { annotations: { '-bad': 'x' } },
        field: 'metadata.annotations',
      },
      { name: 'an invalid finalizer is Invalid', metadata: { finalizers: ['no slash'] }, field: 'metadata.finalizers' },
    ],
    async ({ clientset, namespace }, { metadata, field }) => {
      const failure = await failureOf(
        clientset
          .coreV1()
          .configMaps(namespace)
          .create({ metadata: { name: 'a', ...metadata } }),
      );
      expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
      expect(failure.details?.causes?.[0]?.field).toContain(field);
    },
  ),
  ...table(
    [
      {
        name: 'two owners that control it',
        metadata: { ownerReferences: [owner({ controller: true }), owner({ uid: 'u2', controller: true })] },
        field: /^metadata\.ownerReferences$/,
        message: 'Only one reference can have Controller set to true',
      },
      {
        name: 'an owner without a uid',
        metadata: { ownerReferences: [owner({ uid: '' })] },
        field: /^metadata\.ownerReferences/,
        message: 'must not be empty',
      },
      {
        name: 'annotations of more than 256 KiB',
        metadata: { annotations: { k: 'x'.repeat(256 * 1024) } },
        field: /^metadata\.annotations$/,
        message: 'Too long: may not be more than 262144 bytes',
      },
    ].map((row) => ({ ...row, name: `Invalid: ${row.name}` })),
    async ({ clientset, namespace }, { metadata, field, message }) => {
      const client = clientset.coreV1().configMaps(namespace);
      const failure = await failureOf(client.create({ metadata: { name: 'a', ...metadata } }));
      expect(failure).toMatchObject({ code: 422, reason: 'Invalid' });
      expect(failure.details?.causes?.[0]?.field).toMatch(field);
      expect(failure.message).toContain(message);
    },
  ),
  'an owner that is named twice counts once, with a warning': async ({ raw, namespace }) => {
    const body = { metadata: { name: 'a', ownerReferences: [owner({}), owner({})] } };
    const { json, warning } = await raw('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body });
    expect(json()).toMatchObject({ metadata: { ownerReferences: [owner({})] } });
    expect(warning).toContain('.metadata.ownerReferences contains duplicate entries');
    expect(warning).toContain('duplicate UID(s) observed: u1');
  },
};

interface Owner {
  readonly uid: string;
  readonly controller?: boolean;
}

function owner({ uid = 'u1', ...rest }: Partial<Owner>): Owner & { apiVersion: string; kind: string; name: string } {
  return { apiVersion: 'v1', kind: 'Pod', name: 'x', uid, ...rest };
}
