import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { type Middleware, readText, type TransportRequest, type TransportResponse } from '@client-ts/rest';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { httpCache } from './http-cache.js';
import { decodeHttpEntry, encodeHttpEntry } from './http-entry.js';
import { listed, temporaryPlaces } from './temporary-directory.test.kit.js';

const place = temporaryPlaces();
const Url = 'https://server:6443/apis?timeout=32s';
const FileName = createHash('sha256').update(Url).digest('hex');
/** That of the answers. */
const Then = 'Wed, 25 Nov 2026 20:00:00 GMT';

type Headers = TransportResponse['headers'];

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** A client with a cache, and a server that gives one answer. */
class Scene {
  readonly directory: string;
  readonly clock: FakeClock = new FakeClock(Date.parse(Then));
  readonly seen: TransportRequest[] = [];
  answer: Answer = { status: 200, headers: { etag: '"1"', date: Then }, body: 'first' };
  readonly #cache: Middleware;

  constructor(directory: string = place()) {
    this.directory = directory;
    this.#cache = httpCache(directory, { clock: this.clock });
  }

  /** What a client gets: status, body, and whether it comes out of a file. */
  async get(request: Partial<TransportRequest> = {}): Promise<string> {
    const response = await this.send(request);
    const from = response.headers['x-from-cache'] === undefined ? '' : ' kept';
    return `${response.status} ${await readText(response.body)}${from}`;
  }

  send(request: Partial<TransportRequest> = {}): Promise<TransportResponse> {
    const whole = { method: 'GET', url: new URL(Url), headers: { accept: 'application/json' }, ...request };
    return this.#cache(whole, async (sent) => {
      this.seen.push(sent);
      const { status, headers, body } = this.answer;
      return { status, headers, body: halves(body), discard: () => Promise.resolve() };
    });
  }

  file(): string {
    return path.join(this.directory, FileName);
  }

  /** How often the server was asked to confirm something. */
  conditions(): (string | undefined)[] {
    return this.seen.map(({ headers }) => headers['if-none-match'] as string | undefined);
  }
}

async function* halves(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  yield bytes.subarray(0, 2);
  yield bytes.subarray(2);
}

// By client-go's TestCacheRoundTripper.
it('gives what it has kept when the server confirms it', async () => {
  const scene = new Scene();
  expect(await scene.get()).toBe('200 first');
  scene.answer = { status: 304, headers: { etag: '"1"', 'audit-id': 'x' }, body: '' };
  const response = await scene.send();
  expect([response.status, await readText(response.body)]).toEqual([200, 'first']);
  expect(response.headers).toMatchObject({ 'audit-id': 'x', etag: '"1"', 'content-length': '5' });
  scene.answer = { status: 200, headers: { etag: '"2"' }, body: 'second' };
  expect(await scene.get()).toBe('200 second');
  scene.answer = { status: 304, headers: {}, body: '' };
  expect(await scene.get()).toBe('200 second kept');
  expect(scene.conditions()).toEqual([undefined, '"1"', '"1"', '"2"']);
});

// By client-go's TestCacheRoundTripperPathPerm.
it('has the files of kubectl', async () => {
  const scene = new Scene();
  await scene.get();
  expect(await listed(scene.directory)).toEqual(['750 .diskv-temp', `660 ${FileName}`]);
  const content = await readFile(scene.file());
  const message = content.subarray(32);
  expect(content.subarray(0, 32)).toEqual(createHash('sha256').update(message).digest());
  const head = `HTTP/1.1 200 OK\r\netag: "1"\r\ndate: ${Then}\r\ncontent-length: 5\r\n\r\n`;
  expect(message.toString()).toBe(`${head}first`);
});

describe('what may be kept', () => {
  it.each<[string, Headers, boolean]>([
    ['a tag', { etag: '"1"' }, true],
    ['a time', { 'last-modified': Then }, true],
    ['a lifetime', { 'cache-control': 'public, max-age=5', date: Then }, true],
    ['nothing', {}, false],
    ['a refusal', { etag: '"1"', 'cache-control': 'private, no-store' }, false],
    ['a body that is compressed', { etag: '"1"', 'content-encoding': 'gzip' }, false],
    ['an answer to one user', { etag: '"1"', vary: 'Accept, Authorization' }, false],
    ['an answer to anything', { etag: '"1"', vary: '*' }, false],
    ['a header that is two', { etag: '"1"', evil: 'a\r\nb: c' }, false],
  ])('%s', async (_, headers, isKept) => {
    const scene = new Scene();
    scene.answer = { status: 200, headers, body: 'first' };
    expect(await scene.get()).toBe('200 first');
    expect(await readdir(scene.directory).catch(() => [])).toEqual(isKept ? ['.diskv-temp', FileName] : []);
  });

  it.each<[string, Partial<TransportRequest>]>([
    ['a watch', { longRunning: true }],
    ['a write', { method: 'POST' }],
    ['a part', { headers: { range: 'bytes=0-1' } }],
    ['what the caller has kept', { headers: { 'if-none-match': '"9"' } }],
  ])('not %s', async (_, request) => {
    const scene = new Scene();
    await scene.get(request);
    expect(await readdir(scene.directory).catch(() => [])).toEqual([]);
    await scene.get();
    scene.answer = { status: 200, headers: {}, body: 'other' };
    expect(await scene.get(request)).toBe('200 other');
  });

  it.each([404, 403, 503])('no failure (%i), which leaves what there is', async (status) => {
    const scene = new Scene();
    await scene.get();
    scene.answer = { status, headers: { etag: '"2"' }, body: 'sorry' };
    expect(await scene.get()).toBe(`${status} sorry`);
    scene.answer = { status: 304, headers: {}, body: '' };
    expect(await scene.get()).toBe('200 first kept');
  });

  it('no credentials', async () => {
    const scene = new Scene();
    scene.answer = { status: 200, headers: { etag: '"1"', 'set-cookie': ['secret=1', 'b=2'] }, body: 'first' };
    await scene.get({ headers: { authorization: 'Bearer secret', cookie: 'secret' } });
    expect(await readFile(scene.file(), 'latin1')).not.toContain('secret');
  });

  it('no body that was not read to its end', async () => {
    const scene = new Scene();
    for await (const _ of (await scene.send()).body) break;
    await (await scene.send()).discard();
    expect(await readdir(scene.directory).catch(() => [])).toEqual([]);
  });
});

describe('what is kept is of use', () => {
  it('to requests with the same headers, where it varies by these', async () => {
    const scene = new Scene();
    scene.answer = { status: 200, headers: { etag: '"1"', vary: 'Accept' }, body: 'first' };
    await scene.get();
    await scene.get({ headers: { accept: 'text/plain' } });
    await scene.get({ headers: { accept: 'text/plain', other: 'a' } });
    await scene.get();
    expect(scene.conditions()).toEqual([undefined, undefined, '"1"', undefined]);
  });

  it.each<[string, Headers]>([
    ['max-age', { 'cache-control': 'max-age=60' }],
    ['Expires', { expires: 'Wed, 25 Nov 2026 20:01:00 UTC' }],
    ['max-age before Expires', { 'cache-control': 'max-age=60', expires: Then }],
  ])('without a request, for its lifetime: %s', async (_, headers) => {
    const scene = new Scene();
    scene.answer = { status: 200, headers: { date: Then, etag: '"1"', ...headers }, body: 'first' };
    await scene.get();
    await scene.clock.advance(59_999);
    expect(await scene.get()).toBe('200 first kept');
    await scene.clock.advance(1);
    const later = 'Wed, 25 Nov 2026 20:05:00 GMT';
    scene.answer = { status: 304, headers: { date: later, 'cache-control': 'max-age=600' }, body: '' };
    expect(await scene.get()).toBe('200 first kept');
    expect(scene.conditions()).toEqual([undefined, '"1"']);
    // Confirmed, it has another one.
    expect(await scene.get()).toBe('200 first kept');
    expect(scene.seen).toHaveLength(2);
  });

  it('in other processes', async () => {
    const first = new Scene();
    await first.get();
    const second = new Scene(first.directory);
    second.answer = { status: 304, headers: {}, body: '' };
    expect(await second.get()).toBe('200 first kept');
  });

  it('whoever has it in his hands', async () => {
    const scene = new Scene();
    for await (const chunk of (await scene.send()).body) chunk.fill(0);
    scene.answer = { status: 304, headers: {}, body: '' };
    expect(await scene.get()).toBe('200 first kept');
  });
});

// By client-go's TestSumDiskCache.
describe('what is damaged is as good as nothing', () => {
  const entry = Buffer.from(encodeHttpEntry({ headers: { etag: '"1"' }, body: Buffer.from('first') })!);
  const sealed = (message: string): Buffer =>
    Buffer.concat([createHash('sha256').update(message).digest(), Buffer.from(message)]);

  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.of()],
    ['less than a checksum', entry.subarray(0, 31)],
    ['a checksum of nothing', entry.subarray(0, 32)],
    ['the beginning', entry.subarray(0, -1)],
    ['other bytes', Buffer.concat([entry.subarray(0, -1), Buffer.from('x')])],
    ['no answer', sealed('hello')],
    ['no end of headers', sealed('HTTP/1.1 200 OK\r\netag: "1"\r\n')],
    ['another status', sealed('HTTP/1.1 404 Not Found\r\netag: "1"\r\n\r\n')],
    ['too many headers', sealed(`HTTP/1.1 200 OK\r\netag: "1"\r\n${'a: b\r\n'.repeat(20_000)}\r\n`)],
    ['no header', sealed('HTTP/1.1 200 OK\r\netag "1"\r\n\r\n')],
    ['another length', sealed('HTTP/1.1 200 OK\r\netag: "1"\r\ncontent-length: 9\r\n\r\nfirst')],
    ['no chunks', sealed('HTTP/1.1 200 OK\r\netag: "1"\r\ntransfer-encoding: chunked\r\n\r\nfirst')],
    ['a chunk too long', sealed('HTTP/1.1 200 OK\r\netag: "1"\r\ntransfer-encoding: chunked\r\n\r\n9\r\nfirst')],
  ])('%s', async (_, content) => {
    const scene = new Scene();
    await mkdir(scene.directory, { recursive: true });
    await writeFile(scene.file(), content);
    expect(await scene.get()).toBe('200 first');
    expect(scene.conditions()).toEqual([undefined]);
  });

  it.each([
    ['to the end', 'HTTP/2.0 200 OK\r\nConnection: close\r\nEtag: "1"\r\n\r\nfirst'],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nEtag: "1"\r\n\r\n2\r\nfi\r\n3;x\r\nrst\r\n0\r\n\r\n',
    ],
    ['with its length', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nEtag: "1"\r\n\r\nfirst'],
  ])('and what Go writes is not: %s', async (_, message) => {
    const scene = new Scene();
    await mkdir(scene.directory, { recursive: true });
    await writeFile(scene.file(), sealed(message));
    scene.answer = { status: 304, headers: {}, body: '' };
    expect(await scene.get()).toBe('200 first kept');
    expect(scene.conditions()).toEqual(['"1"']);
  });

  it('whatever it is', () => {
    const bytes = fc.uint8Array({ maxLength: 80 }).map((random) => sealed(Buffer.from(random).toString('latin1')));
    const head = fc.string({ maxLength: 60 }).map((text) => sealed(`HTTP/1.1 200 OK\r\n${text}\r\n\r\n`));
    fc.assert(
      fc.property(fc.oneof(bytes, head), (content) => {
        decodeHttpEntry(content);
      }),
    );
  });

  it('comes back as it was', () => {
    const value = fc.stringMatching(/^[!-~é]{1,9}$/);
    const headers = fc.dictionary(
      fc.stringMatching(/^x-[a-z]{1,5}$/),
      fc.oneof(value, fc.array(value, { minLength: 2 })),
    );
    fc.assert(
      fc.property(headers, fc.uint8Array(), (kept, body) => {
        const decoded = decodeHttpEntry(encodeHttpEntry({ headers: kept, body })!);
        expect(decoded?.headers).toEqual({ ...kept });
        expect([...decoded!.body]).toEqual([...body]);
      }),
    );
  });
});

it('works where nothing can be written', async () => {
  const scene = new Scene();
  await mkdir(path.dirname(scene.directory), { recursive: true });
  await writeFile(scene.directory, 'a file');
  expect([await scene.get(), await scene.get()]).toEqual(['200 first', '200 first']);
});
