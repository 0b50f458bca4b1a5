import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { exec, type ExecOptions, type RemoteProcess } from './exec.js';
import { ExecServer } from './exec-server.test.kit.js';

const Where = { namespace: 'default', pod: 'web', command: ['cat'] };
const Why = new Error('why');

const run = (server: ExecServer, options: Partial<ExecOptions> = {}): Promise<RemoteProcess> =>
  exec(server.config, { ...Where, ...options });

const said = (server: ExecServer): [number | undefined, string][] =>
  server.connection.sent.map((message) => [message[0], new TextDecoder().decode(message.subarray(1))]);

test('asks for what is wanted', async () => {
  const server = new ExecServer();
  await run(server, { container: 'main', command: ['sh', '-c', 'a & b'], stdin: true });
  await run(server, { tty: true, stdout: false, heartbeat: false, protocols: ['v4.channel.k8s.io'] });
  const [first, second] = server.requests;
  expect(first?.url.href).toBe(
    'https://server/api/v1/namespaces/default/pods/web/exec?container=main&command=sh&command=-c&command=a+%26+b&stdin=true&stdout=true&stderr=true&tty=false',
  );
  expect(first?.protocols).toEqual(['v5.channel.k8s.io', 'v4.channel.k8s.io']);
  expect(first?.heartbeat).toEqual({ pingIntervalMs: 5000, silenceTimeoutMs: 61_000 });
  expect(second?.url.search).toBe('?command=cat&stdin=false&stdout=false&stderr=false&tty=true');
  expect([second?.protocols, second?.heartbeat]).toEqual([['v4.channel.k8s.io'], undefined]);
});

test.each<[string, Partial<ExecOptions>]>([
  ['command', { command: [] }],
  ['stderr', { tty: true, stderr: true }],
  ['maxBufferedBytes', { maxBufferedBytes: 0 }],
  ['pod', { pod: '../secrets' }],
])('refuses options that make no sense: %s', async (_, options) => {
  const server = new ExecServer();
  await expect(run(server, options)).rejects.toThrow(TypeError);
  expect(server.requests).toEqual([]);
});

test('gives both outputs and the exit code', async () => {
  const server = new ExecServer();
  await using process = await run(server);
  const { connection } = server;
  for (const channel of [1, 2, 3]) connection.say(channel);
  connection.say(1, 'out');
  connection.say(2, 'err');
  connection.exit(3);
  expect([await text(process.stdout), await text(process.stderr!)]).toEqual(['out', 'err']);
  expect(await process.exit).toEqual({ code: 3 });
  expect(process).toMatchObject({ stdin: null, protocol: 'v5.channel.k8s.io' });
});

describe('an output', () => {
  test('that nobody reads leaves the other one alone up to its bound, and holds up all beyond it', async () => {
    const server = new ExecServer();
    await using process = await run(server, { maxBufferedBytes: 1000 });
    const { connection } = server;
    for (let i = 0; i < 20; i++) connection.say(2, new Uint8Array(136));
    connection.say(1, 'out');
    connection.exit(0);
    await settle();
    expect(connection.taken).toBe(5);
    expect((await text(process.stderr!)).length).toBe(20 * 136);
    expect([await text(process.stdout), await process.exit]).toEqual(['out', { code: 0 }]);
  });

  test('that was cancelled holds up nothing', async () => {
    const server = new ExecServer();
    await using process = await run(server, { maxBufferedBytes: 1000 });
    const { connection } = server;
    connection.say(2, new Uint8Array(5000));
    await settle();
    connection.say(2, new Uint8Array(5000));
    connection.say(1, 'out');
    connection.exit(0);
    await process.stderr!.cancel();
    expect([await text(process.stdout), await process.exit]).toEqual(['out', { code: 0 }]);
  });

  test('is empty, or null, when it is not asked for', async () => {
    const server = new ExecServer();
    await using process = await run(server, { stdout: false, stderr: false, stdin: true });
    expect([await text(process.stdout), process.stderr]).toEqual(['', null]);
    server.connection.exit(0);
    expect(await process.exit).toEqual({ code: 0 });
  });
});

describe('stdin', () => {
  test('is sent in pieces, and its end', async () => {
    const server = new ExecServer();
    await using process = await run(server, { stdin: true });
    const writer = process.stdin!.getWriter();
    await writer.write('größer');
    await writer.write(new Uint8Array(300_000));
    await writer.close();
    const { sent } = server.connection;
    expect(said(server)[0]).toEqual([0, 'größer']);
    expect(sent.slice(1, -1).map(({ length }) => length - 1)).toEqual([131_072, 131_072, 37_856]);
    expect(sent.at(-1)).toEqual(Uint8Array.of(255, 0));
  });

  test('takes no more than one chunk of a peer that does not read', async () => {
    const server = new ExecServer();
    await using process = await run(server, { stdin: true });
    server.connection.stick();
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>(
      { pull: (controller) => controller.enqueue(new Uint8Array(1000 * Math.sign(++pulled))) },
      { highWaterMark: 0 },
    );
    const piped = endless.pipeTo(process.stdin!);
    piped.catch(() => undefined);
    await settle();
    expect(pulled).toBeLessThanOrEqual(2);
    await process[Symbol.asyncDispose]();
    await expect(piped).rejects.toMatchObject({ failure: 'disposed' });
  });

  test.each<[string, () => ExecOptions['stdin']]>([
    ['a stream of Node.js', () => Readable.from([Buffer.from('a'), Buffer.from('b')])],
    ['a text', () => 'ab'],
    ['bytes', () => new TextEncoder().encode('ab')],
    ['a web stream', () => new Blob(['ab']).stream()],
    [
      'a generator',
      async function* () {
        yield 'a';
        yield 'b';
      },
    ],
  ])('is fed from %s, and ended', async (_, source) => {
    const server = new ExecServer();
    await using process = await run(server, { stdin: source() });
    await settle();
    expect(process.stdin).toBeNull();
    expect(
      said(server)
        .map(([channel, text]) => (channel === 255 ? 'end' : text))
        .join(' '),
    ).toMatch(/^a ?b end$/);
  });

  test('lets go of its source when the server refuses', async () => {
    const source = new Readable({ read: () => undefined });
    await expect(run(new ExecServer(), { stdin: source, pod: '/' })).rejects.toThrow('invalid name');
    await settle();
    expect(source.destroyed).toBe(true);
  });

  test('ends everything when its source fails', async () => {
    const server = new ExecServer();
    async function* source(): AsyncGenerator<string> {
      yield 'half';
      throw Why;
    }
    await using process = await run(server, { stdin: source() });
    await expect(process.exit).rejects.toBe(Why);
    expect(said(server)).toEqual([[0, 'half']]);
  });

  test('ends everything when its writer gives up, even while the peer takes nothing', async () => {
    const server = new ExecServer();
    await using process = await run(server, { stdin: true });
    server.connection.stick();
    const writer = process.stdin!.getWriter();
    const written = writer.write('half');
    await Promise.all([expect(written).rejects.toBe(Why), writer.abort(Why), expect(process.exit).rejects.toBe(Why)]);
  });

  test('lets go of its source when the process ends first', async () => {
    const server = new ExecServer();
    let left = false;
    async function* source(): AsyncGenerator<string> {
      try {
        for (;;) {
          await settle();
          yield 'more';
        }
      } finally {
        left = true;
      }
    }
    await using process = await run(server, { stdin: source() });
    server.connection.exit(0);
    expect(await process.exit).toEqual({ code: 0 });
    await settle();
    await settle();
    expect(left).toBe(true);
  });

  test('cannot be ended with v4, and says so', async () => {
    const server = new ExecServer('v4.channel.k8s.io');
    await using process = await run(server, { stdin: true });
    await expect(process.stdin!.close()).rejects.toMatchObject({ failure: 'halfClose' });
    server.connection.exit(0);
    expect(await process.exit).toEqual({ code: 0 });
    await using fed = await run(server, { stdin: Readable.from(['a']) });
    await expect(fed.exit).rejects.toMatchObject({ failure: 'halfClose' });
  });

  test('refuses what is no bytes', async () => {
    await using process = await run(new ExecServer(), { stdin: true });
    await expect(process.stdin!.getWriter().write(5 as never)).rejects.toThrow(
      'stdin: expected a Uint8Array or a string, got number',
    );
  });
});

describe('a terminal', () => {
  test('is told its size; of those that wait, the last', async () => {
    const server = new ExecServer();
    await using process = await run(server, { tty: true });
    expect(process.stderr).toBeNull();
    server.connection.stick();
    for (const width of [80, 81, 82]) process.resize({ width, height: 24 });
    server.connection.unstick();
    await settle();
    expect(said(server)).toEqual([
      [4, '{"Width":80,"Height":24}'],
      [4, '{"Width":82,"Height":24}'],
    ]);
  });

  test.each([
    ['width', { width: 0, height: 24 }],
    ['height', { width: 80, height: 2.5 }],
    ['width', { width: undefined as never, height: 24 }],
    ['height', { width: 80, height: 65_536 }],
  ])('refuses a %s that is none', async (field, size) => {
    await using process = await run(new ExecServer(), { tty: true });
    expect(() => process.resize(size)).toThrow(`${field}: expected an integer from 1 to 65535`);
  });

  test('is needed for a size', async () => {
    await using process = await run(new ExecServer());
    expect(() => process.resize({ width: 80, height: 24 })).toThrow('tty: true');
  });
});

describe('an abort', () => {
  test('before anything sends nothing', async () => {
    const server = new ExecServer();
    await expect(run(server, { signal: AbortSignal.abort(Why) })).rejects.toBe(Why);
    expect(server.requests).toEqual([]);
  });

  test('during the handshake', async () => {
    const server = new ExecServer();
    server.delay(new Promise(() => {}));
    const controller = new AbortController();
    const opening = run(server, { signal: controller.signal });
    await settle();
    controller.abort(Why);
    await expect(opening).rejects.toBe(Why);
  });

  test('of a process reaches everybody, also while it is held up in both directions', async () => {
    const server = new ExecServer();
    const controller = new AbortController();
    await using process = await run(server, { stdin: true, maxBufferedBytes: 1, signal: controller.signal });
    server.connection.stick();
    server.connection.say(1, 'unread');
    const writer = process.stdin!.getWriter();
    const written = writer.write('stuck');
    await settle();
    controller.abort(Why);
    await Promise.all([
      expect(written).rejects.toBe(Why),
      expect(text(process.stdout)).rejects.toBe(Why),
      expect(text(process.stderr!)).rejects.toBe(Why),
      expect(process.exit).rejects.toBe(Why),
    ]);
  });

  test('after the end changes nothing', async () => {
    const server = new ExecServer();
    const controller = new AbortController();
    await using process = await run(server, { signal: controller.signal });
    server.connection.say(1, 'out');
    server.connection.exit(0);
    await process.exit;
    await settle();
    controller.abort(Why);
    expect(await text(process.stdout)).toBe('out');
  });
});

test('a lost connection fails what is open', async () => {
  const server = new ExecServer();
  await using process = await run(server, { stdin: true });
  server.connection.break();
  const lost = { name: 'TransportError', failure: 'truncated' };
  await expect(process.exit).rejects.toMatchObject(lost);
  await expect(text(process.stdout)).rejects.toMatchObject(lost);
  await expect(process.stdin!.getWriter().write('x')).rejects.toMatchObject(lost);
});

test('disposing closes the connection once, and says so to who still waits', async () => {
  const server = new ExecServer();
  const process = await run(server);
  await process[Symbol.asyncDispose]();
  await process[Symbol.asyncDispose]();
  expect(server.connection.isClosed).toBe(true);
  await expect(process.exit).rejects.toMatchObject({
    failure: 'disposed',
    message: 'exec in pod "web": the connection was disposed of before the end',
  });
});
