import { getEventListeners } from 'node:events';
import { settle } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { Turns } from './turns.js';

const never = new AbortController().signal;

test('one after the other, in the order in which they come', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const held = ['a', 'b', 'c'].map(async (name) => {
    const turn = await turns.take(never);
    order.push(name);
    return turn;
  });
  for (const [index, each] of held.entries()) {
    const turn = await each;
    await settle();
    expect(order).toHaveLength(index + 1);
    turn[Symbol.dispose]();
    turn[Symbol.dispose]();
  }
  expect(order).toEqual(['a', 'b', 'c']);
});

test('who aborts while he waits is told at once, and skipped', async () => {
  const turns = new Turns();
  const first = await turns.take(never);
  const controller = new AbortController();
  const second = turns.take(controller.signal);
  const third = turns.take(never);
  controller.abort(new Error('mine'));
  await expect(second).rejects.toThrow('mine');
  first[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  await expect(turns.take(controller.signal)).rejects.toThrow('mine');
});

test('however many wait with the same signal, it has one listener, and none in the end', async () => {
  const turns = new Turns();
  const { signal } = new AbortController();
  const waiting = Array.from({ length: 20 }, () => turns.take(signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const each of waiting) (await each)[Symbol.dispose]();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});
