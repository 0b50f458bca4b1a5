import { expect } from 'vitest';
import { type CaseContext, type Cases, table } from '../case.js';

/** Requests that clients do not send: what the server makes of them does not depend on the resource. */
export const requestCases: Cases = {
  ...table(
    [
      { method: 'POST', path: '/a' },
      { method: 'PUT', path: '' },
      { method: 'PATCH', path: '' },
      { method: 'OPTIONS', path: '/a' },
    ].map((row) => ({ ...row, name: `${row.method} where it has no meaning${row.path}: MethodNotAllowed` })),
    async ({ raw, namespace }, { method, path }) => {
      const body = method === 'OPTIONS' ? undefined : {};
      const { status, json } = await raw(method, `${configMaps(namespace)}${path}`, { body });
      expect(status).toBe(405);
      expect(json()).toMatchObject({
        reason: 'MethodNotAllowed',
        message: 'the server does not allow this method on the requested resource',
      });
    },
  ),
  ...table(
    [
      { name: 'a namespaced object outside of its namespace', path: () => '/api/v1/configmaps/a' },
      {
        name: 'a cluster’s resource in a namespace',
        path: (namespace: string) => `/api/v1/namespaces/${namespace}/nodes`,
      },
      { name: 'a version that is not served', path: () => '/apis/apps/v9/deployments' },
      { name: 'a name with a slash', path: (namespace: string) => `${configMaps(namespace)}/a%2Fb` },
    ].map((row) => ({ ...row, name: `NotFound: ${row.name}` })),
    async ({ raw, namespace }, { path }) => {
      const { status, json } = await raw('GET', path(namespace));
      expect(status).toBe(404);
      expect(json()).toMatchObject({
        reason: 'NotFound',
        message: 'the server could not find the requested resource',
      });
    },
  ),
  ...table(
    [
      { name: '*/*', accept: '*/*' },
      { name: 'nothing', accept: '' },
      { name: 'something unknown, or JSON', accept: 'text/csv;q=0.9, application/json;q=0.1' },
    ].map((row) => ({ ...row, name: `JSON for who accepts ${row.name}` })),
    async ({ raw, namespace }, { accept }) => {
      const { status, contentType } = await raw('GET', configMaps(namespace), { headers: { accept } });
      expect([status, contentType]).toEqual([200, 'application/json']);
    },
  ),
  ...table(
    [{ accept: 'text/csv' }, { accept: 'application/*' }].map((row) => ({
      ...row,
      name: `NotAcceptable: ${row.accept}`,
    })),
    async ({ raw, namespace }, { accept }) => {
      const { status, json } = await raw('GET', configMaps(namespace), { headers: { accept } });
      expect(status).toBe(406);
      expect(json()).toMatchObject({ reason: 'NotAcceptable', code: 406 });
    },
  ),
  ...table(
    [
      { name: 'empty', body: '', message: 'unexpected end of JSON input' },
      { name: 'a list', body: '[]', message: 'cannot unmarshal array' },
      {
        name: 'nested too deep',
        body: `{"data":${'['.repeat(11_000)}${']'.repeat(11_000)}}`,
        message: 'exceeded max depth',
      },
    ].map((row) => ({ ...row, name: `a body that is ${row.name}: BadRequest` })),
    async (context, { body, message }) => {
      const { json } = await create(context, body);
      expect(json()).toMatchObject({ code: 400, reason: 'BadRequest' });
      expect(json()['message']).toContain(message);
    },
  ),
  'a body of more than 3 MiB: RequestEntityTooLarge': async (context) => {
    const { status, json } = await create(context, { data: { k: 'x'.repeat(3.5 * 1024 * 1024) } });
    expect(status).toBe(413);
    expect(json()).toMatchObject({
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    });
  },
  'a body without a content type is JSON': async ({ raw, namespace }) => {
    const request = { body: { metadata: { name: 'a' } }, headers: { 'content-type': '' } };
    expect((await raw('POST', configMaps(namespace), request)).status).toBe(201);
  },
  ...table(
    [
      { option: 'dryRun=Some', method: 'POST', path: '', kind: 'CreateOptions', field: 'dryRun' },
      { option: 'fieldValidation=Loud', method: 'POST', path: '', kind: 'CreateOptions', field: 'fieldValidation' },
      { option: 'dryRun=Some', method: 'DELETE', path: '/a', kind: 'DeleteOptions', field: 'dryRun' },
    ].map((row) => ({ ...row, name: `an option that does not exist: ${row.method} ${row.option}` })),
    async (context, { option, method, path, kind, field }) => {
      await create(context, { metadata: { name: 'a' } });
      const body = { metadata: { name: 'b' } };
      const request = method === 'POST' ? { body } : {};
      const { json } = await context.raw(method, `${configMaps(context.namespace)}${path}?${option}`, request);
      expect(json()).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { group: 'meta.k8s.io', kind, causes: [{ reason: 'FieldValueNotSupported', field }] },
      });
    },
  ),
};

function configMaps(namespace: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps`;
}

function create({ raw, namespace }: CaseContext, body: unknown): ReturnType<CaseContext['raw']> {
  return raw('POST', configMaps(namespace), { body });
}
