import type { KubernetesObject } from '@client-ts/apimachinery';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WriteLog } from './write-log.js';

function at(version: number): KubernetesObject {
  return { metadata: { name: 'a', namespace: 'default', resourceVersion: String(version) } };
}

/** Who made a version, and how. */
const author = fc.constantFrom('own, under the version before', 'own, whatever there was', 'somebody else');

test('a change is own when no write of anybody else, and none that could hide one, is in it', () => {
  fc.assert(
    fc.property(fc.array(author, { minLength: 1, maxLength: 8 }), fc.nat(), fc.nat(), (authors, one, other) => {
      const log = new WriteLog();
      authors.forEach((by, index) => {
        if (by === 'own, under the version before') log.record(String(index + 1), at(index + 2));
        if (by === 'own, whatever there was') log.record(undefined, at(index + 2), span);
      });
      // A cache may leave out states in between, and a list may bring an older one.
      const [from, to] = [1 + (one % (authors.length + 1)), 1 + (other % (authors.length + 1))];
      const made = authors.slice(from - 1, to - 1);
      const own = made.length > 0 && made.every((by) => by === 'own, under the version before');
      expect(log.isOwn({ type: 'update', oldObject: at(from), object: at(to) })).toBe(own);
    }),
  );
});

const span = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };

test.each<[what: string, before: string | undefined, change: Parameters<WriteLog['isOwn']>[0], own: boolean]>([
  ['what was created', '', { type: 'add', object: at(5), isInInitialList: false }, true],
  ['what was created, found at the start', '', { type: 'add', object: at(5), isInInitialList: true }, false],
  [
    'what was changed, but is seen for the first time',
    '4',
    { type: 'add', object: at(5), isInInitialList: false },
    false,
  ],
  ['what was created in the place of another one', '', { type: 'update', oldObject: at(4), object: at(5) }, false],
  ['a deletion', '4', { type: 'delete', object: at(5) }, false],
  ['a resync', '4', { type: 'update', oldObject: at(5), object: at(5) }, false],
])('%s', (_, before, change, own) => {
  const log = new WriteLog();
  log.record(before, at(5));
  expect(log.isOwn(change)).toBe(own);
});

test('a write that changed nothing hides nobody', () => {
  const log = new WriteLog();
  log.record('5', at(5));
  expect(log.isOwn({ type: 'update', oldObject: at(4), object: at(5) })).toBe(false);
});

test('a server that gives out versions in a circle is no trap', () => {
  const log = new WriteLog();
  log.record('5', at(6));
  log.record('6', at(5));
  expect(log.isOwn({ type: 'update', oldObject: at(4), object: at(5) })).toBe(false);
});

test('what was written long ago is forgotten', () => {
  const log = new WriteLog();
  for (let version = 2; version <= 20_000; version++) log.record(String(version - 1), at(version));
  expect(log.isOwn({ type: 'update', oldObject: at(1), object: at(2) })).toBe(false);
  expect(log.isOwn({ type: 'update', oldObject: at(19_000), object: at(20_000) })).toBe(true);
});

test('what comes while writes are under way waits for all of their answers, in order', () => {
  const log = new WriteLog();
  const told: string[] = [];
  const [one, other] = [log.begin('a'), log.begin('a')];
  log.whenAnswered('a', () => told.push('first'));
  log.whenAnswered('b', () => told.push('of another'));
  one();
  log.whenAnswered('a', () => told.push('second'));
  expect(told).toEqual(['of another']);
  other();
  log.whenAnswered('a', () => told.push('third'));
  expect(told).toEqual(['of another', 'first', 'second', 'third']);
});
