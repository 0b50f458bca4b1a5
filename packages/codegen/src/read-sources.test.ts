import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSources, type Sources } from './read-sources.js';
import { UsageError } from './usage-error.js';

function document(group: string, kind: string): object {
  const gvk = { group, version: 'v1', kind };
  const list = { get: { 'x-kubernetes-action': 'list', 'x-kubernetes-group-version-kind': gvk } };
  return {
    openapi: '3.0.0',
    paths: { [`${group === '' ? '/api' : `/apis/${group}`}/v1/${kind.toLowerCase()}s`]: list },
    components: { schemas: { [kind]: { type: 'object', 'x-kubernetes-group-version-kind': [gvk] } } },
  };
}

const at = (path: string): object => ({ serverRelativeURL: path });
const documents: Record<string, object> = {
  '/behind/openapi/v3': {
    paths: {
      version: at('/openapi/v3/version'),
      'api/v1': at('/openapi/v3/api/v1'),
      'apis/apps/v1': at('/openapi/v3/apis/apps/v1'),
      'apis/example.com': at('/openapi/v3/apis/example.com'),
      'apis/example.com/v1': at('/openapi/v3/apis/example.com/v1?hash=1'),
      'apis/example.org/v1': at('/openapi/v3/apis/example.org/v1'),
    },
  },
  '/behind/openapi/v3/api/v1': document('', 'Node'),
  '/behind/openapi/v3/apis/apps/v1': document('apps', 'Deployment'),
  '/behind/openapi/v3/apis/example.com/v1?hash=1': document('example.com', 'Thing'),
  '/behind/openapi/v3/apis/example.org/v1': document('example.org', 'Gadget'),
  '/elsewhere/openapi/v3': { paths: { 'apis/example.com/v1': at('https://127.0.0.1:1/apis') } },
};

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(({ url: path = '' }, response) => {
    const found = documents[path];
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function kinds(sources: Partial<Sources>): Promise<string[]> {
  const versions = await readSources({ crd: [], openapi: [], group: [], ...sources });
  return versions.map(({ group, kind }) => `${group} ${kind}`);
}

test.each<[string, string, string[], string[]]>([
  ['all that is not built in', '/behind/openapi/v3', [], ['example.com Thing', 'example.org Gadget']],
  [
    'the groups that are named',
    '/behind/openapi/v3',
    ['apps', 'example.org/v1'],
    ['apps Deployment', 'example.org Gadget'],
  ],
  ['the core group', '/behind/openapi/v3', ['v1'], [' Node']],
  ['one document', '/behind/openapi/v3/apis/apps/v1', [], ['apps Deployment']],
])('a URL gives %s', async (_what, path, group, expected) => {
  expect(await kinds({ openapi: [url + path], group })).toEqual(expected);
});

test.each<[string, string, string[], string]>([
  [
    'a document that is elsewhere',
    '/elsewhere/openapi/v3',
    [],
    'expected a URL below /openapi/v3, got "https://127.0.0.1:1/apis"',
  ],
  ['a group that is not there', '/behind/openapi/v3', ['none.io'], 'the server has no document of none.io'],
  ['a path that is not there', '/none', [], '/none: '],
])('%s is refused', async (_what, path, group, message) => {
  const failure = await kinds({ openapi: [url + path], group }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(UsageError);
  expect((failure as Error).message).toContain(message);
});
