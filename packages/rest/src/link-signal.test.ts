import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { linkSignal } from './link-signal.js';

test('however many requests have one signal, it has one listener, and none when they are over', () => {
  const outer = new AbortController();
  const links = Array.from({ length: 20 }, () => {
    const controller = new AbortController();
    return { controller, release: linkSignal(outer.signal, controller) };
  });
  expect(getEventListeners(outer.signal, 'abort')).toHaveLength(1);
  links.pop()?.release();
  for (const { release } of links.splice(0, 9)) release();
  outer.abort('enough');
  expect(links.map(({ controller }) => controller.signal.reason)).toEqual(links.map(() => 'enough'));
  for (const { release } of links) release();
  expect(getEventListeners(outer.signal, 'abort')).toEqual([]);
});

test.each([
  ['has aborted', AbortSignal.abort('before'), 'before'],
  ['there is none', undefined, undefined],
])('when the signal %s', (_, outer, reason) => {
  const controller = new AbortController();
  linkSignal(outer, controller)();
  expect(controller.signal.reason).toBe(reason);
});
