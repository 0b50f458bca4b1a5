import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { dialPort } from './dial-port.js';
import { bytes, dialed, reading, settled, web } from './dialed.test.kit.js';
import { PodDialer } from './pod-dialer.js';
import { PortServer } from './port-server.test.kit.js';
import { encodeData } from './spdy-frame.js';

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

  test('keeps nothing of a large message that was for others', async () => {
    const { server, dialer, connection } = await dialed();
    const other = reading(await dialer.dial(81));
    const frames = server.tunnel.connections.map(({ data }, i) =>
      encodeData(data, bytes('x'.repeat(1 + i * 32_767)), 0),
    );
    // Whose `slice()` is no copy.
    server.tunnel.say(Buffer.concat(frames));
    await settled();
    const { value } = await connection.readable.getReader().read();
    expect([value?.length, value?.buffer.byteLength, other.text.length]).toEqual([1, 1, 32_768]);
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

test.each([
  [{ maxBufferedBytes: 0 }, 'maxBufferedBytes: expected 1 or more, got 0'],
  [{ maxTunnels: 0 }, 'maxTunnels: expected 1 or more, got 0'],
])('refuses %j', (options, message) => {
  expect(() => new PodDialer(new PortServer().config, { ...web, ...options })).toThrow(message);
});
