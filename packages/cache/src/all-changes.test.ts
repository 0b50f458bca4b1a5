import { expect, test } from 'vitest';
import { allChanges } from './all-changes.js';
import { initialAddsOf } from './notification-batch.js';

test('everything is kept in order, with the time since which about the oldest waits', () => {
  let ms = 0;
  const now = (): number => ms;
  const backlog = allChanges<string>();
  for (; ms < 200; ms++) backlog.push({ type: 'add', object: `o${ms}`, isInInitialList: false }, now);
  backlog.pushAll(initialAddsOf(['a', 'b']), now);
  expect([backlog.length, backlog.initialAdds, backlog.oldestMs]).toEqual([202, 2, 0]);
  for (let n = 0; n < 200; n++) {
    expect(backlog.shift()).toMatchObject({ object: `o${n}` });
    const age = n + 1 - (backlog.oldestMs ?? Infinity);
    expect(age >= 0 && age < 64, `${n}`).toBe(true);
  }
  expect([backlog.length, backlog.oldestMs]).toEqual([2, 200]);
  expect([backlog.shift(), backlog.shift()]).toMatchObject([{ object: 'a' }, { object: 'b' }]);
  expect([backlog.length, backlog.initialAdds, backlog.oldestMs, backlog.shift()]).toEqual([
    0,
    0,
    undefined,
    undefined,
  ]);
  ms = 1000;
  backlog.push({ type: 'add', object: 'c', isInInitialList: true }, now);
  expect(backlog.oldestMs).toBe(1000);
  backlog.clear();
  expect([backlog.length, backlog.initialAdds, backlog.oldestMs, backlog.shift()]).toEqual([
    0,
    0,
    undefined,
    undefined,
  ]);
});
