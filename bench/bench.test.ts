import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { benchCommand } from './bench-command.js';
import { type Benchmark, contest } from './benchmark.js';
import { benchmarks } from './benchmarks.js';
import { measure, median } from './measure.js';
import { tableOf } from './table.js';

const folder = mkdtempSync(path.join(tmpdir(), 'client-ts-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of those that differ by a number, one. */
const families = new Map(benchmarks.map((benchmark) => [benchmark.name.replace(/s?-\d+k?$/, ''), benchmark]));

for (const benchmark of families.values()) {
  const { name, unit } = benchmark;
  const missing = benchmark.missing?.();
  test.skipIf(missing !== undefined)(
    `${name} still works, with a few of them${missing === undefined ? '' : ` (left out, ${missing})`}`,
    async () => {
      const lines: string[] = [];
      const size = Math.min(4, benchmark.size);
      expect(await benchCommand([name], [benchmark], { size, rounds: 1, folder }, (line) => lines.push(line))).toBe(0);
      const result = JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')) as {
        measurements: { name: string }[];
      };
      expect(result).toMatchObject({ name, unit, size, rounds: 1, node: process.version });
      expect(lines[2]).toMatch(`${name}: `);
      expect(result.measurements.length).toBeGreaterThan(1);
      // Below the title and the head of the table there is a row for each contender.
      for (const [row, measurement] of result.measurements.entries()) expect(lines[row + 4]).toMatch(measurement.name);
    },
    // Some build what they measure.
    600_000,
  );
}

const fake: Benchmark = {
  name: 'fake',
  title: 'nothing',
  unit: 'thing',
  size: 2,
  prepare: async () => contest({ name: 'floor', run: () => ({ units: 1 }) }),
};

/** Names of those that run, each with what is printed first. */
async function started(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  const count = (name: string, more: Partial<Benchmark> = {}): Benchmark => ({
    ...fake,
    name,
    size: 1,
    ...more,
  });
  const benchmarks = [
    count('list'),
    count('gets-1'),
    count('gets-64'),
    count('getsome'),
    count('large', { heavy: true }),
    count('real', { heavy: true, missing: () => 'there is no server' }),
  ];
  expect(await benchCommand(args, benchmarks, { rounds: 1 }, (line) => lines.push(line))).toBe(0);
  return lines
    .filter((line) => /^\w/.test(line) && !line.startsWith('floor'))
    .map((line) => line.replace(/: nothing.*/, ''));
}

test.each([
  [[], ['list', 'gets-1', 'gets-64', 'getsome']],
  [['list'], ['list']],
  [['large'], ['large']],
  [['gets'], ['gets-1', 'gets-64']],
  [
    ['gets-64', 'list'],
    ['list', 'gets-64'],
  ],
  [['real'], ['real: left out, there is no server']],
  [['--all'], ['list', 'gets-1', 'gets-64', 'getsome', 'large', 'real: left out, there is no server']],
])('%j runs %j', async (args, expected) => {
  const [node, ...lines] = await started(...args);
  expect(node).toMatch('Node.js');
  expect(lines).toEqual(expected);
});

test('an unknown name is an error that lists the known ones', async () => {
  const lines: string[] = [];
  const known = [fake, { ...fake, name: 'other' }];
  expect(await benchCommand(['fake', 'nope'], known, {}, (line) => lines.push(line))).toBe(1);
  expect(lines).toEqual(['there is no benchmark nope; there are fake, other']);
});

test('what another process took counts in place of what this one did', async () => {
  const spent = { wallMs: 40, cpuMs: 20, stallMs: NaN };
  const contenders = [{ name: 'elsewhere', run: () => ({ units: 1, spent }) }] as const;
  const [measurement] = await measure(contest(...contenders), 1, 1);
  expect(measurement).toMatchObject(spent);
});

test('a contender that does something else is no contender', async () => {
  await expect(benchCommand([], [fake], {}, () => {})).rejects.toThrow('floor: did 1 units, expected 2');
});

test.each([
  [[3], 3],
  [[5, 1, 3], 3],
  [[4, 1, 3, 2], 2.5],
  [[], NaN],
])('the median of %j is %d', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('a table is aligned, and shows three digits', () => {
  const measurement = { wallMs: 20, cpuMs: 40, stallMs: 0.123, wallRatio: 1, cpuRatio: 1, counts: {} };
  const slower = { wallMs: 12_345, cpuMs: 40, stallMs: 123.4, wallRatio: 1.234, cpuRatio: 1, counts: { sockets: 32 } };
  expect(
    tableOf('event', 10_000, [
      { name: 'floor', ...measurement },
      { name: 'other', ...slower },
    ]),
  ).toEqual([
    '       events/s   rate  µs/event  ratio  CPU µs/event  ratio  longest stall ms  sockets',
    'floor   500,000  1.00×         2  1.00×             4  1.00×              0.12',
    'other       810  0.81×     1,235  1.23×             4  1.00×               123       32',
  ]);
});
