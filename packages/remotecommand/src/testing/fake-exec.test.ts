import { getEventListeners } from 'node:events';
import { text } from 'node:stream/consumers';
import { StatusError } from '@client-ts/apimachinery/errors';
import { settle } from '@client-ts/apimachinery/testing';
import { openWebSocket, restClientFor, type Transport } from '@client-ts/rest';
import { expect, test } from 'vitest';
import { attach } from '../attach.js';
import { exec, type ExecOptions, type RemoteProcess } from '../exec.js';
import { type FakeCall, fakeExec, type FakeProcess } from './fake-exec.js';

const Server = { host: 'https://server' };
const Why = new Error('why');

const run = (process: FakeProcess, options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
  exec(fakeExec(Server, process), { namespace: 'default', pod: 'web', command: ['cat'], ...options });

const echo: FakeProcess = async ({ stdin, stdout }) => {
  for await (const chunk of stdin) await stdout.write(chunk);
};

test('is told what to run, and gives both outputs and an exit code', async () => {
  let seen: Partial<FakeCall> = {};
  await using process = await run(
    async (call) => {
      seen = call;
      await call.stdout.write('out');
      await call.stderr.write(new TextEncoder().encode('err'));
      return 3;
    },
    { container: 'main', command: ['ls', '-l', 'a b'] },
  );
  expect(await Promise.all([text(process.stdout), text(process.stderr!), process.exit])).toEqual([
    'out',
    'err',
    { code: 3 },
  ]);
  expect(seen).toMatchObject({
    subresource: 'exec',
    namespace: 'default',
    pod: 'web',
    container: 'main',
    command: ['ls', '-l', 'a b'],
    tty: false,
  });
});

test('reads stdin to its end', async () => {
  await using process = await run(echo, { stdin: 'größer' });
  expect([await text(process.stdout), await process.exit]).toEqual(['größer', { code: 0 }]);
});

test('may end without reading its stdin', async () => {
  await using process = await run(() => 5, { stdin: new Uint8Array(500_000) });
  expect(await process.exit).toEqual({ code: 5 });
});

test('writes as much at once as it likes', async () => {
  await using process = await run(({ stdout }) => stdout.write(new Uint8Array(2 ** 20)));
  expect([(await text(process.stdout)).length, await process.exit]).toEqual([2 ** 20, { code: 0 }]);
});

test('is attached to', async () => {
  const config = fakeExec(Server, ({ subresource, stdout }) => stdout.write(subresource));
  await using attachment = await attach(config, { namespace: 'default', pod: 'web' });
  expect([await text(attachment.stdout), await attachment.ended]).toEqual(['attach', undefined]);
});

test.each([
  ['a StatusError as the server says it', new StatusError({ message: 'no such pod', code: 404, reason: 'NotFound' })],
  ['any other error as one of the server', new Error('no such pod')],
])('fails with %s', async (_, error) => {
  await using process = await run(() => Promise.reject(error));
  await expect(process.exit).rejects.toMatchObject({
    name: 'StatusError',
    message: expect.stringMatching(/no such pod$/),
  });
});

test('waits for a client that does not read', async () => {
  let written = 0;
  await using process = await run(
    async ({ stdout }) => {
      for (; written < 1000; written++) await stdout.write(new Uint8Array(100));
    },
    { maxBufferedBytes: 1000 },
  );
  await settle();
  expect(written).toBeLessThan(20);
  expect((await text(process.stdout)).length).toBe(100_000);
});

test('learns the size of its terminal', async () => {
  await using process = await run(
    ({ onResize, tty }) =>
      new Promise((resolve) => onResize(({ width, height }) => tty && width === 100 && resolve(height))),
    { tty: true },
  );
  process.resize({ width: 80, height: 25 });
  process.resize({ width: 100, height: 43 });
  expect(await process.exit).toEqual({ code: 43 });
});

test.each<[string, (process: RemoteProcess, abort: () => void) => unknown]>([
  ['disposes of it', (process) => process[Symbol.asyncDispose]()],
  ['aborts', (_, abort) => abort()],
])('sees the end of stdin, and is told, when the client %s', async (_, leave) => {
  const controller = new AbortController();
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => (end = resolve));
  const process = await run(
    async (call) => {
      await echo(call);
      if (call.signal.aborted) end();
    },
    { stdin: true, signal: controller.signal },
  );
  process.exit.catch(() => undefined);
  await process.stdin!.getWriter().write('x');
  await leave(process, () => controller.abort(Why));
  await over;
});

test('leaves nothing with the signal of a client that has closed', async () => {
  const { signal } = new AbortController();
  const target = { group: '', version: 'v1', resource: 'pods', namespace: 'default', name: 'web', subresource: 'exec' };
  const client = restClientFor(fakeExec(Server, () => 0));
  const socket = await openWebSocket(client, { target }, { protocols: ['v5.channel.k8s.io'], signal });
  expect(getEventListeners(signal, 'abort')).not.toEqual([]);
  await socket.close();
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('leaves a write that it never reads to the end of the client', async () => {
  await using process = await run(() => new Promise(() => {}), { stdin: true });
  const writing = process.stdin!.getWriter().write(new Uint8Array(500_000));
  writing.catch(() => undefined);
  await process[Symbol.asyncDispose]();
  await expect(writing).rejects.toMatchObject({ failure: 'disposed' });
});

test('hands all else on', async () => {
  const inner: Transport = {
    request: () =>
      Promise.resolve({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: new Response('{"gitVersion":"v1"}').body!,
        discard: () => Promise.resolve(),
      }),
    async [Symbol.asyncDispose]() {},
  };
  const client = restClientFor(fakeExec({ ...Server, transport: inner }, () => 0));
  expect((await client.send({ method: 'GET', target: '/version' })).status).toBe(200);
});
