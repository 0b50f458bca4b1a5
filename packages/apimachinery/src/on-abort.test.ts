import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { onAbort } from './on-abort.js';

test('everybody who waits is told once, through one listener', () => {
  const controller = new AbortController();
  const told: number[] = [];
  for (let i = 0; i < 100; i++) onAbort(controller.signal, () => told.push(i));
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
  controller.abort();
  expect(told).toEqual(Array.from({ length: 100 }, (_, i) => i));
});

test('who does not wait any longer is not told', () => {
  const controller = new AbortController();
  const told: string[] = [];
  const same = (): void => void told.push('same');
  const end = onAbort(controller.signal, same);
  onAbort(controller.signal, same);
  end();
  end();
  controller.abort();
  expect(told).toEqual(['same']);
});

test('who is told may end the wait of others', () => {
  const controller = new AbortController();
  const told: string[] = [];
  onAbort(controller.signal, () => {
    told.push('first');
    end();
  });
  const end = onAbort(controller.signal, () => told.push('second'));
  controller.abort();
  expect(told).toEqual(['first']);
});

test('no listener is left behind, and the signal can be used again', () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 3; i++) {
    const ends = [onAbort(signal, () => {}), onAbort(signal, () => {})];
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    for (const end of ends) end();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  }
});
