import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { soakCommand } from './soak-command.js';
import { soakSubjects, subject } from './soak-subjects.js';

const Once = ['--minutes', '0.00001'];

test.each(soakSubjects.map((each) => [each.name, each] as const))('%s: a turn of it', async (_, each) => {
  const lines: string[] = [];
  expect(await soakCommand([...Once, '--seed', '7'], [each], [], (line) => lines.push(line))).toBe(0);
  expect(lines).toEqual([
    `${each.name}: 0.00001 minutes from seed 7`,
    `${each.name}: 20 runs`,
    // The form alone: the test runner has timers of its own, which come and go.
    expect.stringMatching(/^growth: heap -?\d+\.\d MiB, sockets -?\d+, timers -?\d+$/),
  ]);
});

test('a failure is shown with its shortest input and the seed that leads to it, and is the exit code', async () => {
  const failing = subject('numbers', fc.array(fc.nat(9)), async (numbers) => {
    if (numbers.length > 2) throw new Error(`${numbers.length} are too many`);
  });
  const lines: string[] = [];
  expect(await soakCommand([...Once, '--seed', '7'], [failing], [], (line) => lines.push(line))).toBe(1);
  expect(lines[1]).toMatch(/^numbers: \d+ runs$/);
  expect(lines.slice(3)).toEqual([
    '\nnumbers failed; see it again with --seed 7',
    'shortest input found: [0,0,0]',
    'Error: 3 are too many',
  ]);
});

test('what leaves many timers behind fails', async () => {
  const timers: NodeJS.Timeout[] = [];
  const leaking = subject('timers', fc.nat(9), async () => {
    for (let i = 0; i < 10; i++) timers.push(setTimeout(() => undefined, 600_000));
  });
  const lines: string[] = [];
  expect(await soakCommand([...Once, '--seed', '7'], [leaking], [], (line) => lines.push(line))).toBe(1);
  expect(lines.at(-1)).toContain('no more than 100 sockets');
  for (const timer of timers) clearTimeout(timer);
});

test('prints the seed when it was not given', async () => {
  const lines: string[] = [];
  await soakCommand(Once, [], [], (line) => lines.push(line));
  expect(lines[0]).toMatch(/ from seed \d+$/);
});

test('without a time, there are ten thousand runs of each, and then what is not left to chance', async () => {
  let runs = 0;
  const counting = subject('numbers', fc.nat(9), async () => void runs++);
  const trials = [
    { name: 'good', run: async () => 'as it should be' },
    { name: 'bad', run: () => Promise.reject(new Error('not so')) },
  ];
  const lines: string[] = [];
  expect(await soakCommand(['--seed', '1'], [counting], trials, (line) => lines.push(line))).toBe(1);
  expect(runs).toBe(10_020);
  expect(lines[0]).toBe('numbers: 10000 runs each from seed 1');
  expect(lines[1]).toBe('numbers: 10000 runs');
  expect(lines.slice(3)).toEqual(['good: as it should be', 'bad failed: Error: not so']);
});

test.each([
  [['--minutes', 'x'], '--minutes: expected a positive number, got x'],
  [['--minutes', '0'], '--minutes: expected a positive number, got 0'],
  [['--seed', '1.5'], '--seed: expected a whole number of at most 31 bits, got 1.5'],
  [['--seed', '4294967296'], '--seed: expected a whole number of at most 31 bits, got 4294967296'],
  [['--speed', '1'], "Unknown option '--speed'"],
])('refuses %j', async (args, message) => {
  const lines: string[] = [];
  expect(await soakCommand(args, [], [], (line) => lines.push(line))).toBe(1);
  expect(lines[0]).toContain(message);
});
