import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Contender, Contest, Outcome, Spent } from './benchmark.js';
import { collectGarbage } from './collect-garbage.js';

/** What one contender took for all its units; medians of the rounds. */
export interface Measurement {
  readonly name: string;
  readonly wallMs: number;
  /** Of the whole process that did the work, its garbage collector and its threads included. */
  readonly cpuMs: number;
  /** Longest time in which the event loop could do nothing else. */
  readonly stallMs: number;
  /** How many times as long as the first contender in the same round. */
  readonly wallRatio: number;
  readonly cpuRatio: number;
  readonly counts: Readonly<Record<string, number>>;
}

interface Sample extends Spent {
  readonly outcome: Outcome;
}

/** How often the event loop is looked at. */
const SamplingMs = 1;

/**
 * Lets each contender run once to warm up, and then once in every round, but for those that run once at all.
 *
 * Ratios are taken within a round, whose runs follow one another: what slows down the machine slows down all of them. Each
 * round begins with another contender, so that being first is nobody's advantage.
 *
 * @param units - that every run has to do.
 * @param warmUp - Default: true. Without, the first round does it, and the median leaves that out.
 * @throws Error when a run did another number of units.
 */
export async function measure(
  { contenders }: Contest,
  units: number,
  rounds: number,
  warmUp = true,
): Promise<Measurement[]> {
  if (warmUp) for (const contender of contenders) if (!contender.once) await sampleOf(contender, units);
  const samples = contenders.map((): Sample[] => []);
  for (let round = 0; round < rounds; round++) {
    const first = round % contenders.length;
    const order = [...contenders.entries()];
    for (const [at, contender] of [...order.slice(first), ...order.slice(0, first)]) {
      if (round === 0 || !contender.once) samples[at]?.push(await sampleOf(contender, units));
    }
  }
  return contenders.map(({ name }, at) => summary(name, samples[at] ?? [], samples[0] ?? []));
}

async function sampleOf({ name, run }: Contender, units: number): Promise<Sample> {
  collectGarbage();
  const { result: outcome, ...own } = await timed(run);
  if (outcome.units !== units) throw new Error(`${name}: did ${outcome.units} units, expected ${units}`);
  return { ...own, ...outcome.spent, outcome };
}

/** What something takes in this process. */
export async function timed<R>(work: () => R | Promise<R>): Promise<Spent & { readonly result: R }> {
  const delay = monitorEventLoopDelay({ resolution: SamplingMs });
  delay.enable();
  await nextSample();
  const cpu = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  // The last stall is seen only when it is over.
  await nextSample();
  delay.disable();
  return { result, wallMs, cpuMs: (user + system) / 1000, stallMs: Math.max(0, delay.max / 1e6 - SamplingMs) };
}

function nextSample(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 3 * SamplingMs));
}

function summary(name: string, samples: readonly Sample[], first: readonly Sample[]): Measurement {
  const of = (value: (sample: Sample) => number): number => median(samples.map(value));
  const ratioOf = (value: (sample: Sample) => number): number =>
    median(samples.map((sample, round) => value(sample) / value(first[round] ?? sample)));
  return {
    name,
    wallMs: of((sample) => sample.wallMs),
    cpuMs: of((sample) => sample.cpuMs),
    stallMs: of((sample) => sample.stallMs),
    wallRatio: ratioOf((sample) => sample.wallMs),
    cpuRatio: ratioOf((sample) => sample.cpuMs),
    counts: samples.at(-1)?.outcome.counts ?? {},
  };
}

/** The middle one of the values, or between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = NaN, high = NaN] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
