import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { StatusError } from '@client-ts/apimachinery/errors';
import { afterEach, describe, expect, test } from 'vitest';
import type { PortForwarder } from '../port-forwarder.js';
import { PortServer, type ServedConnection } from '../port-server.test.kit.js';
import { portForward, type PortForwardOptions } from './port-forward.js';

const web = { namespace: 'default', pod: 'web' };
const gone = new StatusError({ status: 'Failure', reason: 'NotFound', code: 404, message: 'pods "web" not found' });

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

async function forward(
  server: PortServer,
  options: Partial<PortForwardOptions> = {},
): Promise<PortForwarder & { readonly local: number }> {
  const forwarder = await portForward(server.config, { ...web, ports: [':80'], ...options });
  open.push(forwarder);
  return Object.assign(forwarder, { local: forwarder.ports[0]?.local ?? 0 });
}

/** A local client, and what the server sees of it. */
async function dial(server: PortServer, port: number, host = '127.0.0.1'): Promise<[Socket, ServedConnection]> {
  const taken = new Set(server.tunnels.flatMap(({ connections }) => connections));
  const socket = connect({ port, host, allowHalfOpen: true });
  await once(socket, 'connect');
  // A reset that nobody waits for is no failure of the test.
  socket.on('error', () => {});
  await until(() => server.tunnels.some(({ connections }) => connections.some((each) => !taken.has(each))));
  return [socket, server.connection];
}

/** All that a socket hears, which is left open for what it says: `text()` would destroy it. */
async function heardBy(socket: Socket): Promise<string> {
  let heard = '';
  socket.on('data', (bytes) => (heard += String(bytes)));
  await once(socket, 'end');
  return heard;
}

/** Turns of the event loop until it is so: the test's own time limit is the only one. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

describe('forwarding', () => {
  test('brings bytes both ways, and the end of each', async () => {
    const server = new PortServer();
    const { local, ports } = await forward(server, { ports: [':80', ':81'] });
    expect(ports.map(({ remote }) => remote)).toEqual([80, 81]);
    const [socket, connection] = await dial(server, local);
    socket.end('hello');
    await until(() => connection.hasEnded);
    expect([connection.heard, connection.port]).toEqual(['hello', 80]);
    connection.say('good ');
    connection.say('bye');
    connection.done();
    connection.end();
    expect(await text(socket)).toBe('good bye');
  });

  test('brings what a local client says after the Pod has said all', async () => {
    const server = new PortServer();
    const { local } = await forward(server);
    const [socket, connection] = await dial(server, local);
    connection.say('bye');
    connection.end();
    expect(await heardBy(socket)).toBe('bye');
    socket.end('more');
    await until(() => connection.hasEnded);
    expect(connection.heard).toBe('more');
  });

  test('closes a connection when the server is done with it, whatever the client would still say', async () => {
    const server = new PortServer();
    const { local } = await forward(server);
    const [socket, connection] = await dial(server, local);
    connection.say('bye');
    connection.done();
    connection.end();
    expect(await heardBy(socket)).toBe('bye');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const more = setInterval(() => socket.write('more'), 1);
    await closed;
    clearInterval(more);
    expect(connection.heard).toBe('');
  });

  test('resets a local client whose connection fails, and says why', async () => {
    const server = new PortServer();
    const failures: unknown[][] = [];
    const { local } = await forward(server, { onConnectionError: (...failure) => failures.push(failure) });
    const [socket, connection] = await dial(server, local);
    const [other, kept] = await dial(server, local);
    connection.say('some');
    // What has not been read when the reset comes is an end to clients on libuv, whatever the reset says.
    await once(socket, 'data');
    connection.fail('refused');
    await expect(text(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(failures).toEqual([
      [expect.objectContaining({ failure: 'remote', message: 'pod "web", port 80: "refused"' }), { local, remote: 80 }],
    ]);
    kept.say('fine');
    expect(String(await once(other, 'data'))).toBe('fine');
  });

  test('resets the connection of a local client that resets, and tells nobody', async () => {
    const server = new PortServer();
    const failures: unknown[] = [];
    const { local } = await forward(server, { onConnectionError: (error) => failures.push(error) });
    const [socket, connection] = await dial(server, local);
    socket.write('some');
    await until(() => connection.heard === 'some');
    socket.resetAndDestroy();
    await until(() => connection.resets.length > 0);
    expect([connection.hasEnded, failures]).toEqual([false, []]);
  });

  test('keeps no more than it may for a client that does not read', async () => {
    const server = new PortServer();
    const { local } = await forward(server, { maxBufferedBytes: 100_000 });
    const [socket, connection] = await dial(server, local);
    socket.pause();
    const piece = new Uint8Array(2 ** 16);
    const { tunnel } = server;
    const before = tunnel.taken;
    // More than the operating system has room for.
    for (let i = 0; i < 1000; i++) connection.say(piece);
    connection.end();
    connection.done();
    await until(() => tunnel.taken > before);
    // Takes what there is room for, and then nothing until the client reads.
    for (let [last, turns] = [0, 0]; turns < 100; turns++) {
      await new Promise((resolve) => setImmediate(resolve));
      if (last !== tunnel.taken) [last, turns] = [tunnel.taken, 0];
    }
    expect(tunnel.taken).toBeLessThan(1000);
    let size = 0;
    for await (const bytes of socket) size += (bytes as Buffer).length;
    expect(size).toBe(1000 * piece.length);
  });
});

describe('listening', () => {
  test('is on localhost by both of its addresses, with the same port', async () => {
    const server = new PortServer();
    const { local } = await forward(server);
    const [socket] = await dial(server, local);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    const [also] = await dial(server, local, '::1').catch((error: NodeJS.ErrnoException) => {
      // A machine without IPv6.
      expect(error.code).toMatch(/EADDRNOTAVAIL|EAFNOSUPPORT|ECONNREFUSED/);
      return [undefined];
    });
    if (also) expect(also.remoteAddress).toBe('::1');
  });

  test('fails for an address in use, and leaves nothing open', async () => {
    const server = new PortServer();
    const squatter = createServer();
    squatter.listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const { port } = squatter.address() as AddressInfo;
    const options = { ...web, ports: [':80', `${port}:80`], addresses: ['127.0.0.1'] };
    await expect(portForward(server.config, options)).rejects.toMatchObject({
      name: 'PortForwardError',
      failure: 'listen',
      message: `cannot listen on 127.0.0.1:${port}: the address is in use`,
      cause: { code: 'EADDRINUSE' },
    });
    expect(server.tunnel.isClosed).toBe(true);
    squatter.close();
  });

  test('fails for an address that is not of this machine', async () => {
    const options = { ...web, ports: [':80'], addresses: ['192.0.2.1'] };
    await expect(portForward(new PortServer().config, options)).rejects.toMatchObject({
      failure: 'listen',
      message: expect.stringMatching(/^cannot listen on 192\.0\.2\.1:0: .*EADDRNOTAVAIL/),
    });
  });

  test.each([
    [{ ports: ['x'] }, 'ports[0]: expected'],
    [{ ports: ['80'], addresses: ['example.com'] }, 'addresses[0]: expected an IP address'],
    [{ ports: ['80'], maxTunnels: 0 }, 'maxTunnels: expected 1 or more'],
    [{ ports: ['80'], maxBufferedBytes: 0 }, 'maxBufferedBytes: expected 1 or more'],
  ])('is not even tried with %j', async (options, message) => {
    const server = new PortServer();
    await expect(portForward(server.config, { ...web, ...options })).rejects.toThrow(message);
    expect(server.requests).toEqual([]);
  });

  test('begins when there is a tunnel', async () => {
    const server = new PortServer();
    server.refusal = gone;
    await expect(portForward(server.config, { ...web, ports: [':80'] })).rejects.toBe(gone);
  });
});

describe('the end', () => {
  test('comes with disposing: nothing is open then', async () => {
    const server = new PortServer();
    const forwarder = await forward(server);
    const [socket] = await dial(server, forwarder.local);
    const reading = text(socket);
    await Promise.all([
      forwarder[Symbol.asyncDispose](),
      expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' }),
    ]);
    await expect(forwarder.closed).resolves.toBeUndefined();
    expect(server.tunnel.isClosed).toBe(true);
    const late = connect(forwarder.local, '127.0.0.1');
    await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('comes with an abort, before, while and after it begins', async () => {
    const why = new Error('enough');
    const server = new PortServer();
    const options = { ...web, ports: [':80'] };
    await expect(portForward(server.config, { ...options, signal: AbortSignal.abort(why) })).rejects.toBe(why);
    expect(server.requests).toEqual([]);
    const during = new AbortController();
    server.delay(new Promise(() => {}));
    const beginning = portForward(server.config, { ...options, signal: during.signal });
    during.abort(why);
    await expect(beginning).rejects.toBe(why);
    server.delay(Promise.resolve());
    const after = new AbortController();
    const forwarder = await forward(server, { signal: after.signal });
    const [socket] = await dial(server, forwarder.local);
    const reading = text(socket);
    after.abort(why);
    await Promise.all([forwarder.closed, expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' })]);
  });

  test('does not come with a lost tunnel: the next connection opens another', async () => {
    const server = new PortServer();
    const { local } = await forward(server);
    const [socket] = await dial(server, local);
    const reading = text(socket);
    server.tunnel.break();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    const [, connection] = await dial(server, local);
    expect([server.tunnels.length, connection.heard]).toEqual([2, '']);
  });

  test('comes with a lost tunnel, if that is what is asked for', async () => {
    const server = new PortServer();
    const { closed } = await forward(server, { reconnect: false });
    server.tunnel.break();
    await expect(closed).rejects.toMatchObject({ name: 'LostConnectionError' });
  });

  test('comes with the end of the Pod, and not with a server that is down', async () => {
    const server = new PortServer();
    const failures: unknown[] = [];
    const forwarder = await forward(server, { onConnectionError: (error) => failures.push(error) });
    server.tunnel.break();
    server.refusal = new Error('down');
    const socket = connect(forwarder.local, '127.0.0.1');
    await expect(text(socket)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(failures).toEqual([server.refusal]);
    server.refusal = gone;
    const last = connect(forwarder.local, '127.0.0.1');
    await expect(text(last)).rejects.toMatchObject({ code: 'ECONNRESET' });
    await expect(forwarder.closed).rejects.toMatchObject({
      name: 'LostConnectionError',
      message: 'pod "web" is gone: pods "web" not found',
      cause: gone,
    });
  });
});
