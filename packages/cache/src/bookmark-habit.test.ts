import { expect, test } from 'vitest';
import { BookmarkHabit } from './bookmark-habit.js';

test('a server is expected to send bookmarks until two watches were silent', () => {
  const habit = new BookmarkHabit();
  expect(habit.maxSilenceMs).toBe(75_000);
  habit.silence();
  expect(habit.maxSilenceMs).toBe(75_000);
  habit.silence();
  expect(habit.maxSilenceMs).toBeUndefined();
});

test('one that sent them in time is expected to go on, whatever happens', () => {
  const habit = new BookmarkHabit();
  habit.bookmark(60_000);
  for (let i = 0; i < 10; i++) habit.silence();
  expect(habit.maxSilenceMs).toBe(75_000);
});

test('bookmarks that come rarely are no sign', () => {
  const habit = new BookmarkHabit();
  habit.silence();
  habit.silence();
  habit.bookmark(300_000);
  expect(habit.maxSilenceMs).toBeUndefined();
  habit.bookmark(60_000);
  expect(habit.maxSilenceMs).toBe(75_000);
});
