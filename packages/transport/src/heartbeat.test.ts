import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { checkHeartbeat, Heartbeat } from './heartbeat.js';

/** A WebSocket that notes what is done to it; pings each 5 s, and 12 s to be silent. */
function setUp() {
  const clock = new FakeClock();
  const told: string[] = [];
  const socket = { bytesRead: 100, isHeldUp: false, bytesSent: 50, unsentBytes: 0 };
  const beating = {
    bytesRead: () => socket.bytesRead,
    isHeldUp: () => socket.isHeldUp,
    bytesSent: () => socket.bytesSent,
    unsentBytes: () => socket.unsentBytes,
    ping: () => void told.push(`ping at ${clock.now() - start}`),
    cut: ({ failure, message }: { failure: string; message: string }) => void told.push(`${failure}: ${message}`),
  };
  const start = clock.now();
  const heartbeat = new Heartbeat(beating, 'peer', clock, { pingIntervalMs: 5000, silenceTimeoutMs: 12_000 });
  return { clock, told, socket, heartbeat };
}

const silence = 'timeout: peer: nothing has come for 12000 ms';

test('a peer that says nothing is pinged, and left when its time is over', async () => {
  const { clock, told } = setUp();
  await clock.advance(11_999);
  expect(told).toEqual(['ping at 5000', 'ping at 10000']);
  await clock.advance(1);
  expect(told).toEqual(['ping at 5000', 'ping at 10000', silence]);
  expect(clock.pending).toBe(0);
});

type Socket = ReturnType<typeof setUp>['socket'];

test.each([
  ['something comes', (socket: Socket) => void socket.bytesRead++],
  ['nobody reads', (socket: Socket) => void (socket.isHeldUp = true)],
  ['the peer does not take what is sent', (socket: Socket) => void (socket.unsentBytes = 1)],
])('silence begins anew while %s', async (_, happens) => {
  const { clock, told, socket } = setUp();
  await clock.advance(9000);
  happens(socket);
  await clock.advance(1000);
  Object.assign(socket, { isHeldUp: false, unsentBytes: 0 });
  await clock.advance(11_999);
  expect(told).not.toContain(silence);
  await clock.advance(1);
  expect(told).toContain(silence);
});

test('no ping is put behind what the peer does not take', async () => {
  const { clock, told, socket } = setUp();
  socket.unsentBytes = 1;
  await clock.advance(60_000);
  expect(told).toEqual([]);
  socket.unsentBytes = 0;
  await clock.advance(5000);
  expect(told).toEqual(['ping at 65000']);
});

test('no ping is sent while some of what came waits to be read: its sender may have closed, and refuse it', async () => {
  const { clock, told, socket } = setUp();
  socket.isHeldUp = true;
  await clock.advance(60_000);
  socket.isHeldUp = false;
  for (let times = 0; times < 10; times++) {
    socket.bytesRead += 4097;
    await clock.advance(5000);
  }
  expect(told).toEqual([]);
  socket.bytesRead += 4096;
  await clock.advance(5000);
  expect(told).toEqual(['ping at 115000']);
});

test('a peer that may still be at what was sent before a ping is waited for until it is heard again', async () => {
  const { clock, told, socket } = setUp();
  socket.bytesSent += 4097;
  await clock.advance(60_000);
  expect(told).toHaveLength(12);
  socket.bytesRead++;
  await clock.advance(5000);
  await clock.advance(11_999);
  expect(told).not.toContain(silence);
  await clock.advance(1);
  expect(told).toContain(silence);
});

test('what somebody types holds up no pong', async () => {
  const { clock, told, socket } = setUp();
  socket.bytesSent += 4096;
  await clock.advance(12_000);
  expect(told).toContain(silence);
});

test('what came while the process was stopped is read before its peer is given up', async () => {
  const { clock, told } = setUp();
  const later = clock.now() + 600_000;
  clock.now = () => later;
  await clock.advance(5000);
  expect(told).not.toContain(silence);
});

test('none is sent after its end', async () => {
  const { clock, told, heartbeat } = setUp();
  heartbeat[Symbol.dispose]();
  await clock.advance(60_000);
  expect(told).toEqual([]);
});

test('numbers that mean nothing are refused by name', () => {
  expect(() => checkHeartbeat({ pingIntervalMs: 0, silenceTimeoutMs: 1 })).toThrow(
    new TypeError('heartbeat.pingIntervalMs: expected a number from 1 to 2147483647, got 0'),
  );
  expect(() => checkHeartbeat({ pingIntervalMs: 1, silenceTimeoutMs: NaN })).toThrow('heartbeat.silenceTimeoutMs');
});
