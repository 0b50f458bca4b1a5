import { expect, it } from 'vitest';
import { aFewAtATime } from './a-few-at-a-time.js';

/** Work that ends when it is told to. */
function manual(): {
  begun: string[];
  end: Map<string, (error?: Error) => void>;
  work: (item: string) => Promise<void>;
} {
  const begun: string[] = [];
  const end = new Map<string, (error?: Error) => void>();
  const work = (item: string): Promise<void> => {
    begun.push(item);
    return new Promise((resolve, reject) => end.set(item, (error) => (error ? reject(error) : resolve())));
  };
  return { begun, end, work };
}

/** When all that promises lead to has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it('begins the next when one is done', async () => {
  const { begun, end, work } = manual();
  const all = aFewAtATime(['a', 'b', 'c', 'd'], 2, work);
  expect(begun).toEqual(['a', 'b']);
  end.get('b')?.();
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  end.get('a')?.();
  end.get('c')?.();
  await settled();
  expect(begun).toHaveLength(4);
  end.get('d')?.();
  await all;
});

it('begins no more when one fails', async () => {
  const { begun, end, work } = manual();
  const all = aFewAtATime(['a', 'b', 'c'], 2, work);
  const failure = new Error('no');
  end.get('b')?.(failure);
  await expect(all).rejects.toBe(failure);
  end.get('a')?.();
  await settled();
  expect(begun).toEqual(['a', 'b']);
});

it('does nothing with nothing', async () => {
  await aFewAtATime([], 2, () => Promise.reject(new Error('never')));
});
