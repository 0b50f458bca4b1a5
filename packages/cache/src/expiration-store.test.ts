import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { ExpirationStore, newTTLStore } from './expiration-store.js';

test('an object is there for its time, and not a millisecond longer', async () => {
  const clock = new FakeClock();
  const store = newTTLStore<string>({ ttlMs: 1000, clock });
  store.set('a', 'A');
  await clock.advance(1000);
  expect([store.getByKey('a'), store.list(), store.listKeys(), store.size]).toEqual(['A', ['A'], ['a'], 1]);
  await clock.advance(1);
  expect([store.getByKey('a'), store.list(), store.listKeys(), store.size]).toEqual([undefined, [], [], 0]);
});

test.each([0, -1])('with a time of %i ms objects stay', async (ttlMs) => {
  const clock = new FakeClock();
  const store = newTTLStore<string>({ ttlMs, clock });
  store.set('a', 'A');
  await clock.advance(1e9);
  expect(store.getByKey('a')).toBe('A');
});

test.each([500, 1500])('to set an object again after %i ms starts its time anew', async (after) => {
  const clock = new FakeClock();
  const store = newTTLStore<string>({ ttlMs: 1000, clock });
  store.set('a', 'old');
  await clock.advance(after);
  store.set('a', 'new');
  await clock.advance(1000);
  expect(store.getByKey('a')).toBe('new');
  await clock.advance(1);
  expect(store.getByKey('a')).toBeUndefined();
});

test('a list leaves out what has expired, and keeps the rest', async () => {
  const clock = new FakeClock();
  const store = newTTLStore<string>({ ttlMs: 1000, clock });
  store.set('a', 'A');
  await clock.advance(600);
  store.set('b', 'B');
  await clock.advance(600);
  expect([store.list(), store.listKeys(), store.size]).toEqual([['B'], ['b'], 1]);
});

test('delete and replace do what they say, and what is replaced has all its time', async () => {
  const clock = new FakeClock();
  const store = newTTLStore<string>({ ttlMs: 1000, clock });
  for (const key of ['a', 'b']) store.set(key, key);
  store.delete('a');
  store.delete('never there');
  expect(store.listKeys()).toEqual(['b']);
  await clock.advance(900);
  store.replace(new Map([['c', 'C']]));
  await clock.advance(900);
  expect(store.listKeys()).toEqual(['c']);
});

test('what decides is told of each entry, and an entry that has expired does not come back', () => {
  const clock = new FakeClock(5);
  const expired = new Set(['b']);
  const asked: unknown[] = [];
  const store = new ExpirationStore<string>({
    isExpired: (entry) => {
      asked.push(entry);
      return expired.has(entry.key);
    },
    clock,
  });
  store.set('b', 'B');
  expect(store.getByKey('b')).toBeUndefined();
  expect(asked).toEqual([{ key: 'b', object: 'B', timestampMs: 5 }]);
  expired.clear();
  expect([store.getByKey('b'), store.size]).toEqual([undefined, 0]);
});

test('what nobody reads is forgotten all the same', async () => {
  const clock = new FakeClock();
  let forgotten = 0;
  const store = new ExpirationStore<number>({
    isExpired: ({ timestampMs }) => {
      const expired = clock.now() - timestampMs > 10;
      if (expired) forgotten++;
      return expired;
    },
    clock,
  });
  for (let n = 0; n < 1000; n++) {
    store.set(`o${n}`, n);
    await clock.advance(1);
  }
  expect(forgotten).toBeGreaterThan(980);
  expect(store.size).toBe(10);
});
