import { getEventListeners } from 'node:events';
import { StatusError } from '@client-ts/apimachinery/errors';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { dialPort } from './dial-port.js';
import { dialed, reading, settled, web } from './dialed.test.kit.js';
import { PodDialer } from './pod-dialer.js';
import { PortServer } from './port-server.test.kit.js';
import { encodePing, encodeSynStream } from './spdy-frame.js';

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

  describe('of dialPort', () => {
    test('are closed with both directions of the connection, with nothing disposed of', async () => {
      const server = new PortServer();
      const controller = new AbortController();
      const connection = await dialPort(server.config, { ...web, port: 80, signal: controller.signal });
      const seen = reading(connection);
      await connection.writable.close();
      server.connection.say('bye');
      server.connection.done();
      server.connection.end();
      await settled();
      expect(seen).toEqual({ text: 'bye', end: 'ended' });
      expect([server.tunnel.isClosed, server.tunnel.heard]).toEqual([true, ['goAway']]);
      expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    });

    test('are closed when nobody has answered there, and another one did', async () => {
      const server = new PortServer();
      const clock = new FakeClock();
      server.answers = false;
      const dialing = dialPort(server.config, { ...web, port: 80, clock });
      await settled();
      server.answers = true;
      await clock.advance(5_000);
      const connection = await dialing;
      expect(server.tunnels.map(({ isClosed }) => isClosed)).toEqual([true, false]);
      await connection[Symbol.asyncDispose]();
    });

    test('are waited for by disposing, when they are closed already but not yet gone', async () => {
      const server = new PortServer();
      const connection = await dialPort(server.config, { ...web, port: 80 });
      server.tunnel.lingers = true;
      server.connection.fail('refused');
      await settled();
      expect(server.tunnel.isClosed).toBe(true);
      let isGone = false;
      const disposed = connection[Symbol.asyncDispose]().then(() => (isGone = true));
      await settled();
      expect(isGone).toBe(false);
      server.tunnel.break();
      await disposed;
    });
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
