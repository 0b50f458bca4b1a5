import { FakeClock } from '@client-ts/apimachinery/testing';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Acknowledgements, type Awaited } from './acknowledgements.js';

/** A socket, and how often the kernel has sent again what is under way on it; `undefined` when nothing is. */
class FakeSocket implements Awaited {
  bytesRead = 0;
  writableLength = 0;
  closed = false;
  retransmissions: number | undefined;
  failure: Error | undefined;

  close = (): void => {};

  once(_event: 'close', listener: () => void): void {
    this.close = listener;
  }

  destroy(error: Error): void {
    this.failure = error;
  }
}

function setUp(readTable?: () => Promise<never>) {
  const clock = new FakeClock();
  const told = { looks: 0 };
  const acknowledgements = new Acknowledgements({
    clock,
    readTable:
      readTable ??
      (() => {
        told.looks++;
        return Promise.resolve({ retransmissions: (socket) => (socket as FakeSocket).retransmissions });
      }),
  });
  const socket = new FakeSocket();
  return { clock, told, acknowledgements, socket, connection: acknowledgements.of(socket, 'server:6443') };
}

test('a connection on which nothing is acknowledged is broken', async () => {
  const { clock, connection, socket } = setUp();
  connection.expect();
  await clock.advance(9_999);
  socket.retransmissions = 5;
  await clock.advance(10_000);
  expect(socket.failure).toBeUndefined();
  await clock.advance(1);
  expect(socket.failure).toMatchObject({
    failure: 'reset',
    message: 'server:6443: nothing has been acknowledged for 15 s',
  });
  expect(clock.pending).toBe(0);
});

test('one whose peer has a request, and takes its time, is left alone, and looked at once', async () => {
  const { clock, told, connection, socket } = setUp();
  connection.expect();
  await clock.advance(10_000);
  expect(clock.pending).toBe(0);
  await clock.advance(3_600_000);
  expect(socket.failure).toBeUndefined();
  expect(told.looks).toBe(1);
  connection.settle();
});

test('one whose request is long, and slowly taken, is looked at until all of it is', async () => {
  const { clock, told, connection, socket } = setUp();
  connection.expect();
  socket.writableLength = 1;
  await clock.advance(3_600_000);
  expect(told.looks).toBe(719);
  socket.writableLength = 0;
  socket.retransmissions = 0;
  await clock.advance(60_000);
  expect(socket.failure).toBeUndefined();
  socket.retransmissions = undefined;
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
});

test('an acknowledgement between two looks counts', async () => {
  const { clock, connection, socket } = setUp();
  connection.expect();
  socket.retransmissions = 5;
  await clock.advance(15_000);
  socket.retransmissions = 4;
  await clock.advance(5_000);
  socket.retransmissions = 5;
  await clock.advance(10_000);
  expect(socket.failure).toBeUndefined();
  await clock.advance(5_000);
  expect(socket.failure).toBeDefined();
});

test('who answers soon, or has not stopped to answer, is not looked at', async () => {
  const { clock, told, connection, socket } = setUp();
  for (let i = 0; i < 10; i++) {
    connection.expect();
    await clock.advance(4_999);
    connection.settle();
  }
  connection.expect();
  socket.retransmissions = 9;
  for (let i = 0; i < 20; i++) {
    await clock.advance(4_000);
    socket.bytesRead++;
  }
  expect(told.looks).toBe(0);
  // What came was not the end, and now the peer is gone.
  await clock.advance(25_000);
  expect(socket.failure).toBeDefined();
});

test('one on which more is sent all the time is looked at all the same', async () => {
  const { clock, connection, socket } = setUp();
  socket.retransmissions = 6;
  for (let i = 0; i < 19; i++) {
    connection.expect();
    await clock.advance(1_000);
  }
  expect(socket.failure).toBeUndefined();
  await clock.advance(1_000);
  expect(socket.failure).toBeDefined();
});

test('requests may begin and end while the table is being read', async () => {
  let answer = (): void => {};
  const clock = new FakeClock();
  const acknowledgements = new Acknowledgements({
    clock,
    readTable: () => new Promise((resolve) => (answer = () => resolve({ retransmissions: () => 5 }))),
  });
  const sockets = [new FakeSocket(), new FakeSocket()];
  const [one, two] = sockets.map((socket) => acknowledgements.of(socket, 'server:6443'));
  one?.expect();
  await clock.advance(10_000);
  one?.settle();
  two?.expect();
  expect(clock.pending).toBe(0);
  answer();
  await clock.advance(0);
  expect(clock.pending).toBe(1);
  two?.settle();
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
  expect(sockets.map(({ failure }) => failure)).toEqual([undefined, undefined]);
});

test('an answer that comes while the table is being read counts', async () => {
  const clock = new FakeClock();
  const socket = new FakeSocket();
  let looks = 0;
  const acknowledgements = new Acknowledgements({
    clock,
    readTable: () => {
      if (++looks === 3) socket.bytesRead++;
      return Promise.resolve({ retransmissions: () => 9 });
    },
  });
  const connection = acknowledgements.of(socket, 'server:6443');
  connection.expect();
  await clock.advance(20_000);
  expect(looks).toBe(3);
  expect(socket.failure).toBeUndefined();
  connection.settle();
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
});

test('nothing more is tried where there is no table', async () => {
  const { clock, connection } = setUp(() => Promise.reject(new Error('ENOENT')));
  connection.expect();
  await clock.advance(10_000);
  expect(clock.pending).toBe(0);
  connection.expect();
  expect(clock.pending).toBe(0);
  connection.settle();
});

test('neither connections that are closed nor the end of all leave anything behind', async () => {
  const { clock, told, acknowledgements, socket, connection } = setUp();
  connection.expect();
  socket.close();
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
  const closed = new FakeSocket();
  closed.closed = true;
  acknowledgements.of(closed, 'server:6443').expect();
  await clock.advance(5_000);
  expect(clock.pending).toBe(0);
  const other = acknowledgements.of(new FakeSocket(), 'server:6443');
  other.expect();
  expect(clock.pending).toBe(1);
  acknowledgements[Symbol.dispose]();
  expect(clock.pending).toBe(0);
  other.expect();
  expect(clock.pending).toBe(0);
  expect(told.looks).toBe(0);
});

/** When a kernel sends again, in milliseconds after the last acknowledgement: RFC 6298, from Linux's 200 ms on. */
const Retransmissions = Array.from({ length: 10 }, (_, n) => 200 * (2 ** (n + 1) - 1));

test('in a network that comes and goes, none is broken whose peer has acknowledged something within 15 s', async () => {
  const outages = fc.array(
    fc.record({ after: fc.integer({ min: 1, max: 20_000 }), length: fc.integer({ min: 1, max: 40_000 }) }),
    { maxLength: 8 },
  );
  await fc.assert(
    fc.asyncProperty(outages, fc.nat(5_000), async (list, sentAt) => {
      const { clock, connection, socket } = setUp();
      await clock.advance(sentAt);
      let now = 0;
      const downs = list.map(({ after, length }) => {
        const from = now + after;
        now = from + length;
        return { from, to: now };
      });
      const isUp = (at: number): boolean => downs.every(({ from, to }) => at < from || at >= to);
      // The peer asks for more every second as long as it can: something is always under way.
      let acknowledged = 0;
      let tries = 0;
      connection.expect();
      for (let at = 0; at < now + 60_000 && !socket.failure; at += 100) {
        if (at === acknowledged + (Retransmissions[tries] ?? Infinity)) {
          if (isUp(at)) [acknowledged, tries] = [at, 0];
          else tries++;
        }
        socket.retransmissions = tries;
        await clock.advance(100);
        if (socket.failure) expect(at - acknowledged).toBeGreaterThanOrEqual(15_000);
        else expect(at - acknowledged).toBeLessThan(30_000);
      }
    }),
    { numRuns: 30 },
  );
});
