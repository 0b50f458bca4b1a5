import type { Transport, TransportRequest } from '@client-ts/rest';
import { describe, expect, it, test } from 'vitest';
import { OpenApiClient } from './open-api-client.js';

const apps = { group: 'apps', version: 'v1' };
const deployment = { ...apps, kind: 'Deployment' };

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

type Answers = (target: string, request: TransportRequest) => Answer | Promise<Answer>;

/** A client of a server that answers as it is told, and what was asked. */
function clientOf(answer: Answers, { host = 'http://server', maxBytes }: { host?: string; maxBytes?: number } = {}) {
  const sent: string[] = [];
  const transport: Transport = {
    request: async (request) => {
      const target = request.url.pathname + request.url.search;
      sent.push(target);
      const { status = 200, headers = {}, body = {} } = await answer(target, request);
      const bytes = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
      return { status, headers, body: inOne(bytes), discard: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { sent, openapi: new OpenApiClient({ host, transport, retry: { max: 0 } }, { maxBytes }) };
}

async function* inOne(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

function index(paths: Readonly<Record<string, string>>): Answer {
  const entries = Object.entries(paths).map(([path, serverRelativeURL]) => [path, { serverRelativeURL }]);
  return { body: { paths: Object.fromEntries(entries) as unknown } };
}

function documentWith(description: string): Answer {
  const schema = { type: 'object', description, 'x-kubernetes-group-version-kind': [deployment] };
  return { body: { components: { schemas: { Deployment: schema } } } };
}

describe('OpenApiClient', () => {
  it('fetches a document once for each hash', async () => {
    let hash = 'A';
    const { sent, openapi } = clientOf((target) =>
      target === '/openapi/v3'
        ? index({ 'apis/apps/v1': `/openapi/v3/apis/apps/v1?hash=${hash}` })
        : documentWith(target),
    );
    const first = await openapi.document(apps);
    expect(await openapi.document('apis/apps/v1')).toBe(first);
    hash = 'B';
    const { descriptions } = await openapi.schema(deployment);
    expect(descriptions).toEqual(['/openapi/v3/apis/apps/v1?hash=B']);
    const documents = sent.filter((target) => target !== '/openapi/v3');
    expect(documents).toEqual(['/openapi/v3/apis/apps/v1?hash=A', '/openapi/v3/apis/apps/v1?hash=B']);
  });

  it('has what has no hash confirmed', async () => {
    const asked: unknown[] = [];
    const { openapi } = clientOf((target, { headers }) => {
      asked.push(headers['if-none-match']);
      return headers['if-none-match'] === '"1"'
        ? { status: 304 }
        : { ...documentWith(target), headers: { etag: '"1"' } };
    });
    const first = await openapi.documentV2();
    expect(await openapi.documentV2()).toBe(first);
    expect(await openapi.documentV2()).toBe(first);
    expect(asked).toEqual([undefined, '"1"', '"1"']);
  });

  it('follows a document that changed after the index was read', async () => {
    let reads = 0;
    const { openapi } = clientOf((target) => {
      if (target === '/openapi/v3')
        return index({ 'apis/apps/v1': `/openapi/v3/apis/apps/v1?hash=${reads++ === 0 ? 'A' : 'B'}` });
      return target.endsWith('A') ? { status: 301, headers: { location: '/elsewhere' } } : documentWith(target);
    });
    expect((await openapi.schema(deployment)).descriptions).toEqual(['/openapi/v3/apis/apps/v1?hash=B']);
  });

  it('keeps nothing of a failure, nor of a document that is gone', async () => {
    const answers: Answer[] = [
      { status: 503 },
      index({ 'api/v1': '/openapi/v3/api/v1?hash=A' }),
      { body: '[' },
      index({ 'api/v1': '/openapi/v3/api/v1?hash=A' }),
      documentWith('first'),
      index({}),
      index({ 'api/v1': '/openapi/v3/api/v1?hash=A' }),
      documentWith('second'),
    ];
    const { openapi } = clientOf(() => answers.shift()!);
    await expect(openapi.paths()).rejects.toMatchObject({ name: 'StatusError' });
    await expect(openapi.document('api/v1')).rejects.toMatchObject({ reason: 'malformed' });
    const first = await openapi.document('api/v1');
    await expect(openapi.document('api/v1')).rejects.toMatchObject({ reason: 'notFound' });
    expect(await openapi.document('api/v1')).not.toBe(first);
    expect(answers).toEqual([]);
  });

  it('shares requests of the same time, and an abort is only the own', async () => {
    let open: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    const { sent, openapi } = clientOf(async (target) => {
      if (target === '/openapi/v3') return index({ 'apis/apps/v1': '/openapi/v3/apis/apps/v1?hash=A' });
      await gate;
      return documentWith('shared');
    });
    const controller = new AbortController();
    const mine = openapi.schema(deployment, { signal: controller.signal });
    const others = [openapi.schema(deployment), openapi.schema(deployment)];
    while (sent.length < 2) await Promise.resolve();
    controller.abort(new Error('enough'));
    await expect(mine).rejects.toThrow('enough');
    open!();
    const [one, other] = await Promise.all(others);
    expect(one).toBe(other);
    expect(sent).toEqual(['/openapi/v3', '/openapi/v3/apis/apps/v1?hash=A']);
    await expect(openapi.paths({ signal: controller.signal })).rejects.toThrow('enough');
  });

  it('aborts a request that nobody waits for any more', async () => {
    const asked: (AbortSignal | undefined)[] = [];
    const { openapi } = clientOf((_, { signal }) => {
      asked.push(signal);
      return new Promise<Answer>((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason as Error));
      });
    });
    const controller = new AbortController();
    const reading = openapi.paths({ signal: controller.signal });
    while (asked.length === 0) await Promise.resolve();
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    expect(asked[0]?.aborted).toBe(true);
  });

  test.for([
    ['http://server', '/openapi/v3/api/v1?hash=A', '/openapi/v3/api/v1?hash=A'],
    ['http://server/base', '/openapi/v3/api/v1?hash=A', '/base/openapi/v3/api/v1?hash=A'],
    ['http://server/base/', '/base/openapi/v3/api/v1?hash=A', '/base/openapi/v3/api/v1?hash=A'],
    ['http://server/base', '/other/api/v1', '/base/other/api/v1'],
  ] as const)('%s: %s is at %s', async ([host, url, expected]) => {
    const { sent, openapi } = clientOf(
      (target) => (target.endsWith('/openapi/v3') ? index({ 'api/v1': url }) : documentWith(target)),
      { host },
    );
    await openapi.document('api/v1');
    expect(sent[1]).toBe(expected);
  });

  test.for<[string, unknown, string]>([
    ['no object', [], 'malformed'],
    ['no paths', {}, 'malformed'],
    ['no URL', { paths: { a: {} } }, 'malformed'],
    ['a URL of another server', { paths: { a: { serverRelativeURL: '//evil.example/x' } } }, 'malformed'],
    ['one written otherwise', { paths: { a: { serverRelativeURL: '/\\evil.example/x' } } }, 'malformed'],
    ['an absolute URL', { paths: { a: { serverRelativeURL: 'http://evil.example/x' } } }, 'malformed'],
    ['a page', '<html>', 'malformed'],
    ['more than it may have', { paths: {}, x: 'x'.repeat(1000) }, 'tooLarge'],
  ])('refuses an index that is %s', async ([, body, reason]) => {
    const { openapi } = clientOf(() => ({ body }), { maxBytes: 500 });
    await expect(openapi.paths()).rejects.toMatchObject({ name: 'OpenApiError', reason });
  });

  it('names the document that is malformed', async () => {
    const { openapi } = clientOf((target) =>
      target === '/openapi/v3' ? index({ 'api/v1': '/openapi/v3/api/v1?hash=A' }) : { body: [] },
    );
    await expect(openapi.document({ group: '', version: 'v1' })).rejects.toThrow('api/v1: an OpenAPI document');
  });

  it('lists group versions, sorted', async () => {
    const names = ['version', 'apis/b/v1', 'apis', 'apis/a', 'apis/a/v1', 'api', 'api/v1', '__proto__'];
    const paths = names.map((name) => `${JSON.stringify(name)}:{"serverRelativeURL":"/x"}`).join();
    const { openapi } = clientOf(() => ({ body: `{"paths":{${paths}}}` }));
    expect(await openapi.groupVersions()).toEqual([
      { group: '', version: 'v1' },
      { group: 'a', version: 'v1' },
      { group: 'b', version: 'v1' },
    ]);
    expect([...(await openapi.paths()).keys()].toSorted()).toEqual(names.toSorted());
  });
});
