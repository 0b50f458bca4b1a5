import { FakeClock } from '@client-ts/apimachinery/testing';
import { expect, test } from 'vitest';
import { InstallHint } from './install-hint.js';

test('is given ten times an hour', async () => {
  const clock = new FakeClock();
  const hint = new InstallHint(clock, 'brew install it');
  const take = (times: number): number => Array.from({ length: times }, () => hint.take()).filter(Boolean).length;
  expect(take(12)).toBe(10);
  await clock.advance(3_599_999);
  expect(take(1)).toBe(0);
  await clock.advance(1);
  expect(take(12)).toBe(10);
});

test('says where to read on, and what the kubeconfig says', () => {
  expect(new InstallHint(new FakeClock()).take()).toContain('#client-go-credential-plugins');
  expect(new InstallHint(new FakeClock(), 'brew install it').take()).toMatch(/plugins\n\nbrew install it$/);
});

test('does not let a kubeconfig control the terminal', () => {
  const text = new InstallHint(new FakeClock(), 'a\u001b[31mred\u202e\tb\nц\r é 漢 🙂').take();
  expect(text.split('\n\n').at(-1)).toBe('a\\u001b[31mred\\u202e\tb\nц\\u000d é 漢 🙂');
});
