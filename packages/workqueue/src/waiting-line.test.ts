import { expect, test } from 'vitest';
import { WaitingLine } from './waiting-line.js';

/** A line of some who have come one after the other, and who was woken. */
function lineOf(names: readonly string[]) {
  const line = new WaitingLine();
  const woken: string[] = [];
  const wakes = new Map(names.map((name) => [name, () => void woken.push(name)]));
  const places = new Map(names.map((name) => [name, line.add(wakes.get(name)!)]));
  return {
    line,
    woken,
    returns: (name: string) => line.add(wakes.get(name)!, places.get(name)),
    leaves: (name: string) => line.delete(wakes.get(name)!),
  };
}

test('whoever waits longest is woken first, also after having been woken for nothing', () => {
  const { line, woken, returns } = lineOf(['a', 'b', 'c', 'd']);
  for (let i = 0; i < 3; i++) line.wakeFirst();
  for (const name of ['c', 'a', 'b']) returns(name);
  expect(line.length).toBe(4);
  for (let i = 0; i < 5; i++) line.wakeFirst();
  expect(woken.slice(3)).toEqual(['a', 'b', 'c', 'd']);
  expect(line.length).toBe(0);
});

test('who leaves is not woken, and all who are left can be', () => {
  const { line, woken, returns, leaves } = lineOf(['a', 'b', 'c', 'd']);
  for (let i = 0; i < 2; i++) line.wakeFirst();
  for (const name of ['b', 'a']) returns(name);
  for (const name of ['a', 'c', 'c']) leaves(name);
  line.wakeAll();
  line.wakeAll();
  expect(woken.slice(2)).toEqual(['b', 'd']);
});
