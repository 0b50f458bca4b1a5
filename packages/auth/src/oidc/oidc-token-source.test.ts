import { abortable } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { type Transport, TransportError, type TransportRequest } from '@client-ts/rest';
import { describe, expect, test, vi } from 'vitest';
import type { OidcClient } from './oidc-provider.js';
import { type OidcOptions, type OidcTokens, oidcTokenSource, type OidcTokenStore } from './oidc-token-source.js';

const Issuer = 'https://issuer.example/realm/';
const Client: OidcClient = { issuerUrl: Issuer, clientId: 'kubernetes' };
const Secrets = ['refresh-1', 'refresh-2', 's3cret:ä'];

interface Answer {
  readonly status?: number;
  readonly json?: object;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

/** A provider that answers as the test says. */
function setUp(
  options: OidcOptions & {
    client?: Partial<OidcClient>;
    metadata?: Answer | ((url: string) => Answer);
    saved?: OidcTokens;
  } = {},
) {
  const { client, metadata = { json: { token_endpoint: 'https://issuer.example/token' } }, saved, ...rest } = options;
  const clock = new FakeClock();
  const asked: TransportRequest[] = [];
  const answers: (Answer | Error | Promise<Answer>)[] = [];
  const opened = { count: 0 };
  const transport: Transport = {
    async request(request) {
      asked.push(request);
      const found = typeof metadata === 'function' ? metadata(request.url.href) : metadata;
      const answer = await abortable(
        Promise.resolve(request.method === 'GET' ? found : answers.shift()),
        request.signal,
      );
      if (answer instanceof Error) throw answer;
      const { status = 200, json, text = JSON.stringify(json), headers = {} } = answer ?? { status: 500, text: '' };
      return {
        status,
        headers,
        body: (async function* () {
          yield new TextEncoder().encode(text);
        })(),
        discard: () => Promise.resolve(),
      };
    },
    async [Symbol.asyncDispose]() {
      opened.count--;
    },
  };
  const openTransport = (): Transport => {
    opened.count++;
    return transport;
  };
  const kept = { tokens: saved ?? {} };
  const store = {
    load: vi.fn<OidcTokenStore['load']>(() => Promise.resolve(kept.tokens)),
    save: vi.fn<OidcTokenStore['save']>((tokens) => {
      kept.tokens = tokens;
      return Promise.resolve();
    }),
  };
  const source = oidcTokenSource(
    { ...Client, ...client },
    { clock, openTransport, ...(saved ? { store } : {}), ...rest },
  );
  const posts = (): TransportRequest[] => asked.filter(({ method }) => method === 'POST');
  return { clock, asked, answers, opened, posts, source, store, kept };
}

/** A token that expires so long after the beginning of time. */
function idToken(expiresInMs: number, name = ''): string {
  const exp = (Date.UTC(2020, 0, 1) + expiresInMs) / 1000;
  return `e30.${Buffer.from(JSON.stringify({ exp, name })).toString('base64url')}.sig`;
}

const form = (request: TransportRequest | undefined): object =>
  Object.fromEntries(new URLSearchParams(request?.body as string));

describe('an ID token', () => {
  test('is used until ten seconds before it expires, and then refreshed', async () => {
    const [old, fresh] = [idToken(60_000), idToken(120_000)];
    const { source, answers, clock, asked } = setUp({ tokens: { idToken: old, refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: fresh } });
    await clock.advance(49_999);
    expect(await source({})).toBe(old);
    expect(asked).toHaveLength(0);
    await clock.advance(1);
    expect(await source({})).toBe(fresh);
    expect(asked.map(({ method, url }) => `${method} ${url.href}`)).toEqual([
      'GET https://issuer.example/realm/.well-known/openid-configuration',
      'POST https://issuer.example/token',
    ]);
  });

  test('is refreshed once for all who need it', async () => {
    const { source, answers, posts } = setUp({ tokens: { refreshToken: 'refresh-1' } });
    const fresh = idToken(60_000);
    answers.push({ json: { id_token: fresh } });
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => source({}))))).toEqual(new Set([fresh]));
    expect(posts()).toHaveLength(1);
  });

  test('that the server refuses is refreshed, once', async () => {
    const [refused, fresh] = [idToken(60_000), idToken(60_000, 'fresh')];
    const { source, answers, posts } = setUp({ tokens: { idToken: refused, refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: fresh } });
    expect(await source({ rejected: refused })).toBe(fresh);
    expect(await source({ rejected: refused })).toBe(fresh);
    expect(posts()).toHaveLength(1);
  });

  test('that the server refuses, and that cannot be refreshed, is given again', async () => {
    const refused = idToken(60_000);
    const { source } = setUp({ tokens: { idToken: refused } });
    expect(await source({ rejected: refused })).toBe(refused);
  });

  test.each([
    [{}, 'the id-token is missing, and there is no refresh-token: sign in again'],
    [{ idToken: idToken(0) }, 'the id-token has expired, and there is no refresh-token: sign in again'],
    [{ idToken: 'secret' }, 'the id-token cannot be used: expected a JSON Web Token: three parts'],
  ])('cannot come from nothing: %j', async (tokens, message) => {
    const { source, asked } = setUp({ tokens });
    const error = await source({}).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ name: 'OidcError', message: expect.stringContaining(message) as string });
    expect((error as Error).message).not.toContain('secret');
    expect(asked).toHaveLength(0);
  });

  test('that has expired already when it is given counts until the server refuses it', async () => {
    const [one, two] = [idToken(0, 'one'), idToken(0, 'two')];
    const { source, answers, posts } = setUp({ tokens: { refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: one } }, { json: { id_token: two } });
    expect([await source({}), await source({})]).toEqual([one, one]);
    expect([await source({ rejected: one }), await source({})]).toEqual([two, two]);
    expect(posts()).toHaveLength(2);
  });

  test('that is no token is replaced', async () => {
    const { source, answers } = setUp({ tokens: { idToken: 'x', refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: idToken(60_000) } });
    expect(await source({})).toBe(idToken(60_000));
  });
});

describe('the store', () => {
  test('keeps new tokens, and the refresh token that was not replaced', async () => {
    const { source, answers, kept } = setUp({ saved: { refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: idToken(60_000) } });
    await source({});
    expect(kept.tokens).toEqual({ idToken: idToken(60_000), refreshToken: 'refresh-1' });
  });

  test('keeps the refresh token that replaced another, and the next refresh uses it', async () => {
    const { source, answers, clock, kept, posts } = setUp({ saved: { refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: idToken(60_000), refresh_token: 'refresh-2' } });
    answers.push({ json: { id_token: idToken(120_000) } });
    await source({});
    expect(kept.tokens.refreshToken).toBe('refresh-2');
    await clock.advance(60_000);
    await source({});
    expect(posts().map(form)).toMatchObject([{ refresh_token: 'refresh-1' }, { refresh_token: 'refresh-2' }]);
  });

  test('is asked first: another program may have refreshed', async () => {
    const { source, asked, kept } = setUp({ saved: {}, tokens: { idToken: idToken(0), refreshToken: 'refresh-1' } });
    kept.tokens = { idToken: idToken(60_000, 'theirs'), refreshToken: 'refresh-2' };
    expect(await source({})).toBe(idToken(60_000, 'theirs'));
    expect(asked).toHaveLength(0);
  });

  test('has what the server refuses, too: then it is refreshed', async () => {
    const refused = idToken(60_000);
    const { source, answers } = setUp({ saved: { idToken: refused, refreshToken: 'refresh-1' } });
    answers.push({ json: { id_token: idToken(60_000, 'fresh') } });
    expect(await source({ rejected: refused })).toBe(idToken(60_000, 'fresh'));
  });

  test('that cannot be read leaves the tokens at hand', async () => {
    const onError = vi.fn<(error: Error) => void>();
    const { source, answers, store } = setUp({ saved: {}, tokens: { refreshToken: 'refresh-1' }, onError });
    store.load.mockRejectedValueOnce(new Error('no such file'));
    answers.push({ json: { id_token: idToken(60_000) } });
    expect(await source({})).toBe(idToken(60_000));
    expect(onError.mock.calls.map(([{ message }]) => message)).toEqual(['cannot look for new tokens: no such file']);
  });

  test('that fails does not cost the tokens', async () => {
    const onError = vi.fn<(error: Error) => void>();
    const { source, answers, store, kept, clock, posts } = setUp({ saved: { refreshToken: 'refresh-1' }, onError });
    store.save.mockRejectedValueOnce(new Error('read-only file system'));
    answers.push({ json: { id_token: idToken(60_000), refresh_token: 'refresh-2' } });
    expect(await source({})).toBe(idToken(60_000));
    expect(await source({})).toBe(idToken(60_000));
    expect(kept.tokens.refreshToken).toBe('refresh-1');
    expect(onError.mock.calls.map(([{ message }]) => message)).toEqual([
      'cannot store the new tokens: read-only file system',
    ]);
    // What the store has is used up.
    answers.push({ json: { id_token: idToken(120_000) } });
    await clock.advance(60_000);
    expect(await source({})).toBe(idToken(120_000));
    expect(form(posts()[1])).toMatchObject({ refresh_token: 'refresh-2' });
    expect(kept.tokens).toEqual({ idToken: idToken(120_000), refreshToken: 'refresh-2' });
  });
});

describe('the client identifies itself', () => {
  const basic = `Basic ${Buffer.from('kubernetes:s3cret%3A%C3%A4').toString('base64')}`;
  const inBody = { client_id: 'kubernetes', client_secret: 's3cret:ä' };

  test.each<[string, string | undefined, string[] | undefined, (string | undefined)[], object[]]>([
    ['by its name alone', undefined, undefined, [undefined], [{ client_id: 'kubernetes' }]],
    ['as it should', 's3cret:ä', ['client_secret_basic', 'client_secret_post'], [basic], [{}]],
    ['as it has to', 's3cret:ä', ['client_secret_post'], [undefined], [inBody]],
  ])('%s', async (_, clientSecret, methods, authorizations, bodies) => {
    const { source, answers, posts } = setUp({
      client: { clientSecret },
      tokens: { refreshToken: 'refresh-1' },
      metadata: { json: { token_endpoint: 'https://one/t', token_endpoint_auth_methods_supported: methods } },
    });
    answers.push({ json: { id_token: idToken(60_000) } });
    await source({});
    expect(posts().map(({ headers }) => headers['authorization'])).toEqual(authorizations);
    expect(posts().map(form)).toEqual(
      bodies.map((body) => ({ grant_type: 'refresh_token', refresh_token: 'refresh-1', ...body })),
    );
  });

  test.each([
    ['nothing is said', undefined],
    ['nothing of it is understood', ['private_key_jwt']],
  ])('in one way after the other where %s', async (_, methods) => {
    const { source, answers, posts } = setUp({
      client: { clientSecret: 's3cret:ä' },
      tokens: { refreshToken: 'refresh-1' },
      metadata: { json: { token_endpoint: 'https://one/t', token_endpoint_auth_methods_supported: methods } },
    });
    answers.push({ status: 401, json: { error: 'invalid_client' } }, { json: { id_token: idToken(60_000) } });
    expect(await source({})).toBe(idToken(60_000));
    expect(posts().map(({ headers }) => headers['authorization'])).toEqual([basic, undefined]);
    expect(form(posts()[1])).toMatchObject(inBody);
  });
});

describe('a provider that does not help is an error', () => {
  const tokens = { refreshToken: 'refresh-1' };
  const wellKnown = 'issuer.example/realm/.well-known/openid-configuration';

  test.each<[string, Parameters<typeof setUp>[0], Answer | Error | undefined, string]>([
    [
      'an issuer that is no URL',
      { client: { issuerUrl: 'issuer' } },
      undefined,
      'the issuer is no http:// or https:// URL',
    ],
    [
      'no metadata',
      { metadata: { status: 404, text: '<html>' } },
      undefined,
      `${wellKnown}: cannot read the provider's metadata: it answered 404`,
    ],
    [
      'a page instead of metadata',
      { metadata: { text: '<html>' } },
      undefined,
      `${wellKnown}: the provider's metadata have no token_endpoint`,
    ],
    [
      'metadata without an endpoint',
      { metadata: { json: {} } },
      undefined,
      `${wellKnown}: the provider's metadata have no token_endpoint`,
    ],
    [
      'metadata that are elsewhere, without end',
      { metadata: { status: 302, text: '', headers: { location: '/elsewhere' } } },
      undefined,
      `${wellKnown}: the provider redirects more than 10 times`,
    ],
    ...['http://issuer.example/', 'file:///etc/passwd', '//'].map((location): [string, object, undefined, string] => [
      `metadata at ${location}`,
      { metadata: { status: 307, text: '', headers: { location } } },
      undefined,
      'redirects to what is no https:// URL',
    ]),
    [
      'an answer that leads elsewhere',
      {},
      { status: 307, text: '', headers: { location: 'https://evil.example/' } },
      'issuer.example/token: the token was not refreshed: 307',
    ],
    [
      'an endpoint that is no URL',
      { metadata: { json: { token_endpoint: '/token' } } },
      undefined,
      'no token_endpoint that is a URL',
    ],
    [
      'an endpoint that everybody can listen to',
      { metadata: { json: { token_endpoint: 'http://one/t' } } },
      undefined,
      'token_endpoint is not https',
    ],
    ['metadata without end', { metadata: { text: 'x'.repeat(2 * 1024 * 1024) } }, undefined, 'no token_endpoint'],
    [
      'metadata that announce no end',
      { metadata: { text: '{}', headers: { 'content-length': '99999999' } } },
      undefined,
      'no token_endpoint',
    ],
    [
      'a refresh token that is used up',
      {},
      { status: 400, json: { error: 'invalid_grant', error_description: 'Token\u001b[2J is not active' } },
      'issuer.example/token: the token was not refreshed: 400 "invalid_grant" "Token\\u001b[2J is not active"; the refresh token is no longer good: sign in again',
    ],
    [
      'words that quote the token',
      {},
      { status: 400, json: { error: 'x', error_description: 'no refresh-1' } },
      'not refreshed: 400 "x"',
    ],
    [
      'a page instead of tokens',
      {},
      { status: 502, text: '<html>' },
      'issuer.example/token: the token was not refreshed: 502',
    ],
    [
      'no ID token',
      {},
      { json: { access_token: 'secret' } },
      'the answer has no id_token: sign in with the scope openid',
    ],
    [
      'nobody there',
      {},
      new TransportError('connect', 'issuer.example: connection refused'),
      'issuer.example/token: issuer.example: connection refused',
    ],
  ])('%s', async (_, options, answer, message) => {
    const { source, answers, opened } = setUp({ tokens, ...options });
    if (answer) answers.push(answer);
    const error = await source({}).catch((error: unknown) => error as Error);
    expect(error).toMatchObject({ name: 'OidcError', message: expect.stringContaining(message) as string });
    for (const secret of Secrets) expect((error as Error).message).not.toContain(secret);
    expect(opened.count).toBe(0);
  });

  test('no answer within 32 seconds', async () => {
    const { source, answers, clock } = setUp({ tokens });
    answers.push(new Promise(() => undefined));
    const outcome = vi.fn<(error: Error) => void>();
    const pending = source({}).catch(outcome);
    await clock.advance(31_999);
    expect(outcome).not.toHaveBeenCalled();
    await clock.advance(1);
    await pending;
    expect(outcome).toHaveBeenCalledWith(
      expect.objectContaining({ name: 'OidcError', message: 'the provider did not answer within 32000 ms' }),
    );
    expect(clock.pending).toBe(0);
  });

  test('an abort is no error of the provider', async () => {
    const { source, answers } = setUp({ tokens });
    answers.push(new Promise(() => undefined));
    const controller = new AbortController();
    const pending = source({ signal: controller.signal });
    await settle();
    controller.abort(new Error('mine'));
    await expect(pending).rejects.toThrow('mine');
  });
});

describe('a refresh that nobody waits for any more', () => {
  const saved: OidcTokens = { refreshToken: 'refresh-1' };

  /** Its only caller has gone when the request is under way. */
  async function abandoned(options: Parameters<typeof setUp>[0] = {}) {
    const made = setUp({ saved, ...options });
    let answer: (answer: Answer) => void = () => undefined;
    made.answers.push(new Promise((resolve) => (answer = resolve)));
    const controller = new AbortController();
    const pending = made.source({ signal: controller.signal });
    while (made.posts().length === 0) await settle();
    controller.abort(new Error('mine'));
    await expect(pending).rejects.toThrow('mine');
    return { ...made, answer };
  }

  test('goes on, and its tokens are kept', async () => {
    const { answer, kept, source, posts, clock, opened } = await abandoned();
    const fresh = idToken(60_000);
    answer({ json: { id_token: fresh, refresh_token: 'refresh-2' } });
    await settle();
    expect(kept.tokens).toEqual({ idToken: fresh, refreshToken: 'refresh-2' });
    expect(await source({})).toBe(fresh);
    expect(posts()).toHaveLength(1);
    expect([clock.pending, opened.count]).toEqual([0, 0]);
  });

  test('serves who comes while it goes on', async () => {
    const { answer, source, posts } = await abandoned();
    const next = source({ signal: new AbortController().signal });
    const fresh = idToken(60_000);
    answer({ json: { id_token: fresh } });
    expect(await next).toBe(fresh);
    expect(posts()).toHaveLength(1);
  });

  test('ends within 32 seconds, and is nobody’s error', async () => {
    const { posts, clock, opened } = await abandoned();
    expect(posts()[0]?.signal?.aborted).toBe(false);
    await clock.advance(32_000);
    expect(posts()[0]?.signal?.aborted).toBe(true);
    expect([clock.pending, opened.count]).toEqual([0, 0]);
  });
});

test('metadata are read where the provider’s redirects lead', async () => {
  const places: Readonly<Record<string, Answer>> = {
    [`${Issuer}.well-known/openid-configuration`]: { status: 301, headers: { location: '../metadata' }, text: '' },
    'https://issuer.example/realm/metadata': {
      status: 308,
      headers: { location: 'https://other.example/m' },
      text: '',
    },
    // Of another issuer, as at providers of many tenants.
    'https://other.example/m': {
      json: { issuer: 'https://tenant.example', token_endpoint: 'https://other.example/t' },
    },
  };
  const { source, answers, posts } = setUp({
    tokens: { refreshToken: 'refresh-1' },
    metadata: (url) => places[url] ?? { status: 404 },
  });
  answers.push({ json: { id_token: idToken(60_000) } });
  expect(await source({})).toBe(idToken(60_000));
  expect(posts().map(({ url }) => url.href)).toEqual(['https://other.example/t']);
});

test('a provider without TLS may have an endpoint without', async () => {
  const { source, answers } = setUp({
    client: { issuerUrl: 'http://dex:5556' },
    tokens: { refreshToken: 'refresh-1' },
    metadata: { json: { token_endpoint: 'http://dex:5556/token' } },
  });
  answers.push({ json: { id_token: idToken(60_000) } });
  expect(await source({})).toBe(idToken(60_000));
});
