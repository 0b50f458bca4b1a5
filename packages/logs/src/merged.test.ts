import { settle } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { Merged } from './merged.js';

/** Counts what it was asked for. */
function source(name: string, count: number) {
  const state = { asked: 0, closed: false };
  async function* read(): AsyncGenerator<string> {
    try {
      for (let index = 0; index < count; index++) {
        state.asked++;
        yield `${name}${index}`;
      }
    } finally {
      state.closed = true;
    }
  }
  return { state, read };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

describe('merged sources', () => {
  test('take turns, and each is in order', async () => {
    const merged = new Merged<string>(2);
    merged.add(source('a', 3).read);
    merged.add(source('b', 2).read);
    merged.isComplete = true;
    expect(await all(merged.values())).toEqual(['a0', 'b0', 'a1', 'b1', 'a2']);
  });

  test('are not asked for more than one value before it is taken', async () => {
    const merged = new Merged<string>(2);
    const [a, b] = [source('a', 9), source('b', 9)];
    merged.add(a.read);
    merged.add(b.read);
    const values = merged.values();
    await values.next();
    await settle();
    expect([a.state.asked, b.state.asked]).toEqual([1, 1]);
    await values.next();
    await settle();
    expect([a.state.asked, b.state.asked]).toEqual([2, 1]);
    await values.return();
  });

  test('wait for their turn when there are too many', async () => {
    const merged = new Merged<string>(1);
    const [a, b] = [source('a', 2), source('b', 2)];
    merged.add(a.read);
    expect(merged.isFull).toBe(true);
    merged.add(b.read);
    await settle();
    expect(b.state.asked).toBe(0);
    merged.isComplete = true;
    expect(await all(merged.values())).toEqual(['a0', 'a1', 'b0', 'b1']);
  });

  test('may be added when others have ended', async () => {
    const merged = new Merged<string>(2);
    const values = merged.values();
    const first = values.next();
    await settle();
    merged.add(source('a', 1).read);
    expect(await first).toEqual({ done: false, value: 'a0' });
    const second = values.next();
    await settle();
    merged.add(source('b', 1).read);
    expect(await second).toEqual({ done: false, value: 'b0' });
    merged.isComplete = true;
    expect(await values.next()).toEqual({ done: true, value: undefined });
  });

  test('end with a failure, and go on to their ends when the reader leaves', async () => {
    const merged = new Merged<string>(2);
    const a = source('a', 3);
    merged.add(a.read);
    const values = merged.values();
    await values.next();
    const failure = new Error('enough');
    merged.fail(failure);
    await expect(values.next()).rejects.toBe(failure);
    await settle();
    expect(a.state.closed).toBe(true);
  });
});
