import { StatusError } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { dialPort } from './dial-port.js';
import { type PodConnection, PodDialer, type PodDialerOptions } from './pod-dialer.js';
import { PortServer } from './port-server.test.kit.js';
import { encodePing, encodeSynStream } from './spdy-frame.js';

const web = { namespace: 'team a', pod: 'web' };

/** Whoever was asked to do something has done it. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve));
}

/** Text that comes, and how it ended. */
function reading(connection: PodConnection): { text: string; end: unknown } {
  const seen = { text: '', end: undefined as unknown };
  void (async () => {
    try {
      for await (const bytes of connection.readable) seen.text += Buffer.from(bytes).toString('latin1');
      seen.end = 'ended';
    } catch (error) {
      seen.end = error;
    }
  })();
  return seen;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function dialed(
  options: Partial<PodDialerOptions> = {},
): Promise<{ server: PortServer; dialer: PodDialer; connection: PodConnection; clock: FakeClock }> {
  const server = new PortServer();
  const clock = new FakeClock();
  const dialer = new PodDialer(server.config, { ...web, clock, ...options });
  return { server, dialer, connection: await dialer.dial(80), clock };
}

describe('a connection', () => {
  test('is asked for as the API has it', async () => {
    const { server } = await dialed();
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      url: { pathname: '/api/v1/namespaces/team%20a/pods/web/portforward', search: '' },
      protocols: ['SPDY/3.1+portforward.k8s.io'],
      heartbeat: { pingIntervalMs: 5_000, silenceTimeoutMs: 61_000 },
    });
    expect(server.connection).toMatchObject({ port: 80, requestId: '0', error: 1, data: 3 });
  });

  test.each([1, 2, 3, 7, Infinity])('brings bytes both ways, in messages of %d bytes', async (messageBytes) => {
    const { server, connection } = await dialed();
    server.tunnel.messageBytes = messageBytes;
    const seen = reading(connection);
    const writer = connection.writable.getWriter();
    await writer.write(bytes('hello'));
    await writer.close();
    expect(server.connection).toMatchObject({ heard: 'hello', hasEnded: true });
    server.connection.say('good ');
    server.connection.say('bye');
    server.connection.done();
    server.connection.end();
    await settled();
    expect(seen).toEqual({ text: 'good bye', end: 'ended' });
    expect(server.connection.resets).toEqual([]);
  });

  test('can be written to when the Pod has said all', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    server.connection.say('bye');
    server.connection.end();
    await settled();
    expect(seen).toEqual({ text: 'bye', end: 'ended' });
    const writer = connection.writable.getWriter();
    await writer.write(bytes('more'));
    await writer.close();
    expect(server.connection).toMatchObject({ heard: 'more', hasEnded: true });
  });

  test('can be read when all was said to the Pod', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    await connection.writable.close();
    server.connection.say('answer');
    await settled();
    expect(seen).toEqual({ text: 'answer', end: undefined });
  });

  test('sends what is large in frames that others need not wait long for', async () => {
    const { server, connection } = await dialed();
    const writer = connection.writable.getWriter();
    await writer.write(new Uint8Array(200_000));
    expect(server.connection.heard).toHaveLength(200_000);
    expect(server.connection.frames).toBe(4);
  });

  test('has the writer wait while the network does not take what is written', async () => {
    const { server, connection } = await dialed();
    server.tunnel.stick();
    const writer = connection.writable.getWriter();
    let written = 0;
    const writing = (async () => {
      for (; written < 100; written++) await writer.write(new Uint8Array(65_536));
    })();
    await settled();
    expect(written).toBe(4);
    server.tunnel.unstick();
    await writing;
    expect(server.connection.heard).toHaveLength(100 * 65_536);
  });

  test('takes nothing but bytes', async () => {
    const { connection } = await dialed();
    const writer = connection.writable.getWriter() as WritableStreamDefaultWriter<unknown>;
    await expect(writer.write('text')).rejects.toThrow('expected a Uint8Array, got string');
  });

  test.each([0, 65_536, 1.5, NaN, '80' as unknown as number])('to port %s is none', async (port) => {
    const server = new PortServer();
    const dialer = new PodDialer(server.config, web);
    await expect(dialer.dial(port)).rejects.toThrow('port: expected an integer from 1 to 65535');
    expect(server.requests).toEqual([]);
  });
});

describe('what the server has against a connection', () => {
  test.each([
    ['before the end of the data', false],
    ['after it, as kubelets do', true],
  ])('fails it alone, %s', async (_, isAfter) => {
    const { server, dialer, connection } = await dialed();
    const other = await dialer.dial(81);
    const [refused, kept] = server.tunnel.connections;
    const [seen, also] = [reading(connection), reading(other)];
    if (isAfter) refused?.end();
    refused?.fail('refused \u001b[31m "');
    if (!isAfter) refused?.reset();
    kept?.say('fine');
    await settled();
    expect(seen.end).toMatchObject({
      name: 'PortForwardError',
      failure: 'remote',
      message: String.raw`pod "web", port 80: "refused \u001b[31m \""`,
    });
    await expect(connection.writable.getWriter().write(bytes('x'))).rejects.toBe(seen.end);
    expect(also).toEqual({ text: 'fine', end: undefined });
    expect(server.tunnels).toHaveLength(1);
  });

  test('is waited for a second, when a connection ends before its first byte', async () => {
    const { server, connection, clock } = await dialed();
    const seen = reading(connection);
    server.connection.end();
    await settled();
    await clock.advance(999);
    expect(seen.end).toBeUndefined();
    await clock.advance(1);
    await settled();
    expect(seen.end).toBe('ended');
  });

  test('is waited for as long as a ping takes, when bytes have come and more may be written', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    server.tunnel.pongs = false;
    server.connection.say('some');
    server.connection.end();
    await settled();
    expect(seen).toEqual({ text: 'some', end: undefined });
    expect(server.tunnel.heard).toEqual(['ping 1']);
    server.connection.fail('reset by peer');
    await settled();
    expect(seen.end).toMatchObject({ failure: 'remote' });
  });

  test('is waited for longer when both directions have ended: it comes, or its end', async () => {
    const { server, connection, clock } = await dialed();
    const seen = reading(connection);
    await connection.writable.close();
    server.connection.say('some');
    server.connection.end();
    await settled();
    await clock.advance(9_999);
    expect(seen).toEqual({ text: 'some', end: undefined });
    server.connection.fail('reset by peer');
    await settled();
    expect(seen.end).toMatchObject({ failure: 'remote' });
  });

  test('is cut at 4 KiB', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    for (let i = 0; i < 3; i++) server.connection.fail('x'.repeat(3000));
    await settled();
    expect((seen.end as Error).message).toHaveLength('pod "web", port 80: "'.length + 3000 + 1);
    const second = await dialed();
    const also = reading(second.connection);
    second.server.connection.fail('ö'.repeat(100_000));
    await settled();
    expect((also.end as Error).message).toHaveLength('pod "web", port 80: "'.length + 2048 + 1);
  });

  test('may be nothing but a reset', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    server.connection.say('some');
    server.connection.reset();
    await settled();
    expect(seen.end).toMatchObject({ failure: 'remote', message: expect.stringContaining('with status 5') });
  });
});

test('what is written to a Pod that has ended both directions fails', async () => {
  const { server, connection } = await dialed();
  const seen = reading(connection);
  server.connection.done();
  server.connection.say('bye');
  server.connection.end();
  await settled();
  expect(seen).toEqual({ text: 'bye', end: 'ended' });
  await expect(connection.writable.getWriter().write(bytes('x'))).rejects.toMatchObject({ failure: 'ended' });
});

describe('letting go', () => {
  test('disposing breaks a connection off, and nothing else', async () => {
    const { server, dialer, connection } = await dialed();
    const other = reading(await dialer.dial(80));
    const seen = reading(connection);
    const [first, second] = server.tunnel.connections;
    await connection[Symbol.asyncDispose]();
    await connection[Symbol.asyncDispose]();
    first?.say('too late');
    second?.say('fine');
    await settled();
    expect(seen).toMatchObject({ text: '', end: { name: 'PortForwardError', failure: 'disposed' } });
    expect(first?.resets).toEqual([3, 1]);
    expect(other).toEqual({ text: 'fine', end: undefined });
  });

  test('disposing after the end does nothing', async () => {
    const { server, connection } = await dialed();
    await connection.writable.close();
    server.connection.end();
    server.connection.done();
    await settled();
    await connection[Symbol.asyncDispose]();
    expect(server.connection.resets).toEqual([]);
  });

  test('aborting what is written breaks it off', async () => {
    const { server, connection } = await dialed();
    const seen = reading(connection);
    const why = new Error('half of it is missing');
    await connection.writable.abort(why);
    await settled();
    expect([seen.end, server.connection.resets, server.connection.hasEnded]).toEqual([why, [3, 1], false]);
  });

  test('who does not want to read can still write, and it is over when that is', async () => {
    const { server, connection } = await dialed();
    await connection.readable.cancel();
    server.connection.say(new Uint8Array(3 * 2 ** 20));
    const writer = connection.writable.getWriter();
    await writer.write(bytes('said'));
    await writer.close();
    expect(server.connection).toMatchObject({ heard: 'said', hasEnded: true, resets: [3, 1] });
  });

  test('disposing of the dialer ends all, and says farewell', async () => {
    const { server, dialer, connection } = await dialed();
    const seen = reading(connection);
    await dialer[Symbol.asyncDispose]();
    await dialer[Symbol.asyncDispose]();
    expect(server.tunnel.heard).toEqual(['goAway']);
    expect(server.tunnel.isClosed).toBe(true);
    await settled();
    expect(seen.end).toMatchObject({ failure: 'disposed' });
    await expect(dialer.dial(80)).rejects.toMatchObject({ failure: 'disposed' });
  });

  test('a tunnel that takes nothing is cut, and not waited for', async () => {
    const { server, dialer, connection } = await dialed();
    server.tunnel.stick();
    const writer = connection.writable.getWriter();
    const writing = writer.write(new Uint8Array(2 ** 20));
    writing.catch(() => undefined);
    await settled();
    await dialer[Symbol.asyncDispose]();
    await expect(writing).rejects.toMatchObject({ failure: 'disposed' });
    await expect(server.tunnel.closed).resolves.toMatchObject({ code: 1006 });
  });

  test('dialPort closes its tunnel', async () => {
    const server = new PortServer();
    const connection = await dialPort(server.config, { ...web, port: 80 });
    await connection[Symbol.asyncDispose]();
    expect(server.tunnel.isClosed).toBe(true);
  });
});

describe('an abort', () => {
  const why = new Error('enough');

  test('comes before everything', async () => {
    const server = new PortServer();
    const signal = AbortSignal.abort(why);
    await expect(dialPort(server.config, { ...web, port: 80, signal })).rejects.toBe(why);
    await expect(new PodDialer(server.config, web).dial(80, { signal })).rejects.toBe(why);
    expect(server.requests).toEqual([]);
  });

  test('comes while the tunnel is being opened: of the dialer, or of one connection of several', async () => {
    const server = new PortServer();
    let go!: () => void;
    server.delay(new Promise((resolve) => (go = resolve)));
    const [all, one] = [new AbortController(), new AbortController()];
    const dialer = new PodDialer(server.config, { ...web, signal: all.signal });
    const [aborted, kept] = [dialer.dial(80, { signal: one.signal }), dialer.dial(81)];
    one.abort(why);
    await expect(aborted).rejects.toBe(why);
    go();
    await kept;
    expect(server.tunnel.connections.map(({ port }) => port)).toEqual([81]);
    server.delay(new Promise(() => {}));
    const second = dialPort(server.config, { ...web, port: 80, signal: all.signal });
    await settled();
    all.abort(why);
    await expect(second).rejects.toBe(why);
  });

  test('comes while the server does not answer', async () => {
    const server = new PortServer();
    server.answers = false;
    const controller = new AbortController();
    const dialer = new PodDialer(server.config, { ...web, clock: new FakeClock() });
    const dialing = dialer.dial(80, { signal: controller.signal });
    await settled();
    controller.abort(why);
    await expect(dialing).rejects.toBe(why);
    expect(server.connection.resets).toEqual([3, 1]);
  });

  test('comes in the middle, to one connection or all', async () => {
    const all = new AbortController();
    const { server, dialer, connection } = await dialed({ signal: all.signal });
    const one = new AbortController();
    const [seen, other] = [reading(await dialer.dial(81, { signal: one.signal })), reading(connection)];
    one.abort(why);
    await settled();
    expect([seen.end, other.end]).toEqual([why, undefined]);
    const last = new Error('all');
    all.abort(last);
    await settled();
    expect(other.end).toBe(last);
    await expect(server.tunnel.closed).resolves.toEqual({ code: 1006, reason: '' });
    await expect(dialer.dial(80)).rejects.toBe(last);
  });
});

describe('a lost tunnel', () => {
  test('ends its connections, and the next one opens another', async () => {
    const { server, dialer, connection } = await dialed();
    const seen = reading(connection);
    const writer = connection.writable.getWriter();
    server.connection.say('some');
    await settled();
    server.tunnel.break();
    await settled();
    expect(seen).toMatchObject({
      text: 'some',
      end: {
        name: 'LostConnectionError',
        message: 'lost connection to pod "web": server: broke off',
        cause: { name: 'TransportError' },
      },
    });
    await expect(writer.closed).rejects.toBe(seen.end);
    await dialer.dial(80);
    expect(server.tunnels).toHaveLength(2);
    expect(server.connection).toMatchObject({ heard: '', requestId: '0' });
  });

  test.each([
    ['the server closes it', (server: PortServer) => void server.tunnel.close()],
    ['the server sends a text', (server: PortServer) => server.tunnel.say('text')],
    ['the server does not speak SPDY', (server: PortServer) => server.tunnel.say(new Uint8Array(8))],
  ])('is one when %s', async (_, act) => {
    const { server, dialer, connection } = await dialed();
    const seen = reading(connection);
    act(server);
    await settled();
    expect(seen.end).toMatchObject({ name: 'LostConnectionError' });
    await dialer.dial(80);
    expect(server.tunnels).toHaveLength(2);
    expect(server.tunnels[0]?.isClosed).toBe(true);
  });

  test('before a connection was taken is not noticed', async () => {
    const server = new PortServer();
    server.answers = false;
    const dialer = new PodDialer(server.config, { ...web, clock: new FakeClock() });
    const dialing = dialer.dial(80);
    await settled();
    server.answers = true;
    server.tunnel.break();
    await dialing;
    expect(server.tunnels).toHaveLength(2);
  });

  test('is lost for good when it is lost twice', async () => {
    const server = new PortServer();
    server.answers = false;
    const dialer = new PodDialer(server.config, { ...web, clock: new FakeClock() });
    const dialing = dialer.dial(80);
    dialing.catch(() => undefined);
    for (let i = 0; i < 2; i++) {
      await settled();
      server.tunnel.break();
    }
    await expect(dialing).rejects.toMatchObject({ name: 'LostConnectionError' });
    expect(server.tunnels).toHaveLength(2);
  });

  test('a tunnel that is refused is no matter of tunnels', async () => {
    const server = new PortServer();
    const status = {
      kind: 'Status',
      status: 'Failure',
      reason: 'NotFound',
      code: 404,
      message: 'pods "web" not found',
    };
    server.refusal = new StatusError(status);
    await expect(dialPort(server.config, { ...web, port: 80 })).rejects.toBe(server.refusal);
    expect(server.requests).toHaveLength(1);
  });
});

describe('tunnels', () => {
  test('are shared', async () => {
    const { server, dialer } = await dialed();
    await Promise.all(Array.from({ length: 100 }, (_, i) => dialer.dial(i + 1)));
    expect(server.requests).toHaveLength(1);
    expect(new Set(server.tunnel.connections.map(({ requestId }) => requestId)).size).toBe(101);
  });

  test('are left alone by new connections when somebody does not read', async () => {
    const { server, dialer, connection } = await dialed({ maxBufferedBytes: 1000 });
    const [tunnel] = server.tunnels;
    for (let i = 0; i < 50; i++) server.connection.say(new Uint8Array(500));
    await settled();
    // Two for the answers.
    expect(tunnel?.taken).toBe(2 + 2);
    const seen = reading(await dialer.dial(80));
    expect(server.tunnels).toHaveLength(2);
    server.connection.say('fine');
    await settled();
    expect(seen.text).toBe('fine');
    const slow = reading(connection);
    await settled();
    expect(slow.text).toHaveLength(25_000);
    expect(tunnel?.taken).toBe(52);
  });

  test('are left alone by new connections when the network does not take what is written', async () => {
    const { server, dialer, connection } = await dialed();
    server.tunnel.stick();
    void connection.writable
      .getWriter()
      .write(new Uint8Array(2 ** 19))
      .catch(() => undefined);
    await settled();
    await dialer.dial(80);
    expect(server.tunnels).toHaveLength(2);
  });

  test('are no more than allowed: the one with the fewest connections has to do', async () => {
    const { server, dialer } = await dialed({ maxBufferedBytes: 10, maxTunnels: 2 });
    server.connection.say('more than there is room for');
    await settled();
    await dialer.dial(81);
    server.connection.say('more than there is room for');
    await settled();
    const [first, second] = server.tunnels;
    void dialer.dial(82).catch(() => undefined);
    await settled();
    expect([first?.connections.length, second?.connections.length, server.tunnels.length]).toEqual([2, 1, 2]);
    await dialer[Symbol.asyncDispose]();
  });

  test('but one are closed when nobody needs them', async () => {
    const { server, dialer, connection } = await dialed({ maxBufferedBytes: 10 });
    server.connection.say('more than there is room for');
    await settled();
    const second = await dialer.dial(80);
    await second[Symbol.asyncDispose]();
    expect(server.tunnels.map(({ isClosed }) => isClosed)).toEqual([false, true]);
    await connection[Symbol.asyncDispose]();
    expect(server.tunnels.map(({ isClosed }) => isClosed)).toEqual([false, true]);
  });

  test('on which nobody answers are tried twice', async () => {
    const server = new PortServer();
    const clock = new FakeClock();
    server.answers = false;
    const dialer = new PodDialer(server.config, { ...web, clock });
    const dialing = dialer.dial(80);
    dialing.catch(() => undefined);
    await settled();
    await clock.advance(5_000);
    await settled();
    expect(server.tunnels).toHaveLength(2);
    await clock.advance(30_000);
    await expect(dialing).rejects.toMatchObject({
      failure: 'timeout',
      message: 'pod "web", port 80: no answer within 30000 ms',
    });
  });

  test('that say farewell bring what they have, and take no more', async () => {
    const { server, dialer, connection } = await dialed();
    const seen = reading(connection);
    server.tunnel.say(Buffer.from('80030007000000080000000000000000', 'hex'));
    server.connection.say('still');
    await settled();
    await dialer.dial(80);
    server.tunnels[0]?.connections[0]?.say(' here');
    await settled();
    expect([seen.text, server.tunnels.length]).toEqual(['still here', 2]);
  });

  test('that bring what nobody wants are replaced', async () => {
    const { server, dialer, connection } = await dialed();
    const [tunnel] = server.tunnels;
    const kept = reading(await dialer.dial(81));
    await connection[Symbol.asyncDispose]();
    for (let i = 0; i < 20; i++) tunnel?.connections[0]?.say(new Uint8Array(65_536));
    tunnel?.connections[1]?.say('kept');
    await settled();
    await dialer.dial(82);
    expect([server.tunnels.length, kept.text]).toEqual([2, 'kept']);
  });

  test('answer pings, refuse streams, and say that they are there', async () => {
    const { server, clock } = await dialed();
    server.tunnel.say(encodePing(2));
    server.tunnel.say(encodeSynStream(4, new Uint8Array(0), 0));
    await settled();
    await clock.advance(20_000);
    expect(server.tunnel.heard).toEqual(['ping 2', 'reset 4', 'ping 1', 'ping 3']);
  });
});

test.each([
  [{ maxBufferedBytes: 0 }, 'maxBufferedBytes: expected 1 or more, got 0'],
  [{ maxTunnels: 0 }, 'maxTunnels: expected 1 or more, got 0'],
])('refuses %j', (options, message) => {
  expect(() => new PodDialer(new PortServer().config, { ...web, ...options })).toThrow(message);
});
