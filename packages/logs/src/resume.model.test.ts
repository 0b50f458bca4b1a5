import { FakeClock } from '@client-ts/apimachinery/testing';
import type { Config } from '@client-ts/rest';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  body,
  configOf,
  type Ending,
  type Entry,
  inTime,
  json,
  type LogQuery,
  podOf,
  printed,
  refusal,
  timeOf,
  whole,
} from './kubelet.test.kit.js';
import { podLogBytes } from './pod-log-bytes.js';

const Start = Date.UTC(2026, 0, 1) / 1000;

/** What is written before the next request for the log, and how its answer ends. */
interface Step {
  readonly written: readonly { readonly afterNs: number; readonly text: string; readonly partial: boolean }[];
  /** It is the first of another run of the container that writes it. */
  readonly restarted: boolean;
  readonly ending: Ending;
}

const text = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('', 'a', 'b', 'a', 'ü', '💥', 'a\r') },
  { weight: 1, arbitrary: fc.string({ maxLength: 100, unit: 'grapheme' }).map((all) => all.replaceAll('\n', ' ')) },
  { weight: 1, arbitrary: fc.integer({ min: 50, max: 300 }).map((length) => 'é💥x'.repeat(length)) },
  // A container may write what looks as if a server had, long ago or not.
  { weight: 1, arbitrary: fc.constantFrom('1999-01-01T00:00:00.000000000Z a', '9999-01-01T00:00:00.000000000Z a') },
);
const written = fc.record({
  afterNs: fc.constantFrom(0, 0, 0, 1, -200_000_000, 300_000_000, 1_000_000_000, 5_000_000_000),
  text,
  partial: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.record({
  written: fc.array(written, { maxLength: 12 }),
  restarted: fc.boolean(),
  ending: fc.record({
    cut: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
    clean: fc.boolean(),
    chunk: fc.constantFrom(1, 7, 50, 1000),
  }),
});

/** A Pod whose container writes in steps, one before each request, and has ended when there are no more. */
class Kubelet {
  readonly runs: Entry[][] = [[]];
  /** Where the last answer began that was asked for by `tailLines`. */
  tailStart = 0;
  readonly #steps: Step[];
  readonly #restarts: boolean;
  #timeNs = 0;
  #latestNs = 0;
  #runStartNs = 0;
  #isOver = false;

  constructor(steps: readonly Step[], restarts: boolean) {
    this.#steps = [...steps];
    this.#restarts = restarts;
  }

  get config(): Config {
    return configOf(({ path, query }) => (path.endsWith('/log') ? this.#log(query) : json(this.#pod())));
  }

  #pod(): object {
    if (this.#steps.length === 0) this.#isOver = true;
    const state = this.#isOver ? { terminated: { exitCode: 0 } } : { running: {} };
    const status = { name: 'main', containerID: `run-${this.runs.length}`, state };
    return podOf({ phase: this.#isOver ? 'Succeeded' : 'Running', containerStatuses: [status] } as never);
  }

  #log(query: URLSearchParams): ReturnType<typeof body> {
    expect(query.get('timestamps')).toBe('true');
    const since = query.has('sinceTime') ? Date.parse(query.get('sinceTime')!) / 1000 : undefined;
    if (query.get('previous') === 'true') {
      const before = this.runs.at(-2);
      return before ? body(printed(before, { since }), whole) : refusal(400, 'BadRequest', 'there is no previous one');
    }
    const step = this.#steps.shift();
    if (step) this.#write(step);
    const file = this.runs.at(-1)!;
    const tail = query.has('tailLines') ? Number(query.get('tailLines')) : undefined;
    if (tail !== undefined) this.tailStart = Math.max(file.length - tail, 0);
    return body(printed(file, { since, tail }), step?.ending ?? whole);
  }

  #write({ written, restarted }: Step): void {
    if (restarted && this.#restarts) {
      this.runs.push([]);
      this.#runStartNs = this.#timeNs = this.#latestNs + 1;
    }
    for (const { afterNs, ...entry } of written) {
      // As the rest of a line, and the first that is sent again, it could not be told from a line that is new.
      if (this.runs.at(-1)?.at(-1)?.partial && entry.text.startsWith('9999')) continue;
      // Lines of two outputs are not always in order; the parts of one are, here with all that is before them.
      const isPart = entry.partial || this.runs.at(-1)?.at(-1)?.partial === true;
      const earliestNs = Math.max(this.#latestNs - (isPart ? 0 : 900_000_000), this.#runStartNs);
      this.#timeNs = Math.max(this.#timeNs + afterNs, earliestNs);
      this.#latestNs = Math.max(this.#latestNs, this.#timeNs);
      const [seconds, nanos] = [Start + Math.floor(this.#timeNs / 1e9), this.#timeNs % 1e9];
      this.runs.at(-1)?.push({ ...entry, seconds, nanos });
    }
  }
}

async function read(kubelet: Kubelet, options: object): Promise<string> {
  const clock = new FakeClock();
  const source = { namespace: 'default', pod: 'web', container: 'main', timestamps: true, maxLineBytes: 64 };
  const stream = podLogBytes(kubelet.config, { ...source, clock, ...options });
  return inTime(clock, new Response(stream).text());
}

/** What a kubelet prints of runs one after the other; a run that ends in a line has that line end. */
function all(runs: readonly (readonly Entry[])[], query: LogQuery = {}): string {
  const texts = runs.map((run) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(printed(run, query)));
  return texts.filter((each) => each !== '').reduce((one, next) => one + (/[^\n]$/.test(one) ? '\n' : '') + next, '');
}

/**
 * Servers count parts of lines as lines, and may then begin in the middle of one. And of lines that are the same in each respect nobody
 * could tell those before the beginning from those behind it.
 */
function distinctLines({ written, ...step }: Step, number: number): Step {
  const distinct = written.map(({ afterNs, text }, index) => ({
    afterNs: Math.max(afterNs, 0),
    text: `${number}.${index} ${text}`,
    partial: false,
  }));
  return { ...step, written: distinct };
}

const numRuns = 40;

test('a followed log comes once and in order, wherever its answers are cut', async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const kubelet = new Kubelet(steps, false);
      expect(await read(kubelet, { follow: true })).toBe(all(kubelet.runs));
    }),
    { numRuns },
  );
});

test('so do the logs of all runs of a container that is started anew', async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, async (steps) => {
      const kubelet = new Kubelet(steps, true);
      expect(await read(kubelet, { follow: true, restarts: true })).toBe(all(kubelet.runs));
    }),
    { numRuns },
  );
});

test('only the last lines are counted once, and not after each interruption', async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(steps, fc.integer({ min: 0, max: 5 }), async (steps, tailLines) => {
      const kubelet = new Kubelet(steps.map(distinctLines), false);
      const text = await read(kubelet, { follow: true, tailLines });
      expect(text).toBe(all(kubelet.runs.map((run) => run.slice(kubelet.tailStart))));
    }),
    { numRuns },
  );
});

test('a time since when, and a limit of bytes, hold for the whole', async () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  const options = { after: fc.integer({ min: 0, max: 6 }), limitBytes: fc.integer({ min: 1, max: 2000 }) };
  await fc.assert(
    fc.asyncProperty(steps, fc.record(options), async (steps, { after, limitBytes }) => {
      const kubelet = new Kubelet(steps, false);
      const since = Start + after;
      const sinceTime = timeOf({ seconds: since, nanos: 0, text: '' });
      const bytes = new TextEncoder().encode(await read(kubelet, { follow: true, sinceTime }));
      expect(new TextDecoder().decode(bytes)).toBe(all(kubelet.runs, { since }));
      const limited = await read(new Kubelet(steps, false), { follow: true, sinceTime, limitBytes });
      expect(limited).toBe(new TextDecoder().decode(bytes.subarray(0, limitBytes)));
    }),
    { numRuns },
  );
});
