import * as fc from 'fast-check';
import type { SoakSubject } from './soak-subjects.js';

interface SoakFailure {
  readonly name: string;
  /** Fails again with it, in the first turn. */
  readonly seed: number;
  /** The shortest input that was found to fail. */
  readonly counterexample: string;
  readonly error: string;
}

export interface SoakResult {
  /** Of each subject, by its name. */
  readonly runs: Readonly<Record<string, number>>;
  readonly failure?: SoakFailure | undefined;
}

/** Runs of one subject before it is the next one's turn. */
const RunsPerTurn = 20;

/** What is enough: so many runs of each subject, or so long. */
export type SoakAmount = { readonly runs: number } | { readonly minutes: number };

/**
 * Runs the subjects in turn, at least once, until it is enough or one fails. A turn follows from its seed; the seed of the
 * next is one more.
 */
export async function soak(subjects: readonly SoakSubject[], amount: SoakAmount, seed: number): Promise<SoakResult> {
  const started = performance.now();
  const runs = Object.fromEntries(subjects.map(({ name }) => [name, 0]));
  const enough = (): boolean =>
    'runs' in amount
      ? Object.values(runs).every((count) => count >= amount.runs)
      : performance.now() - started >= amount.minutes * 60_000;
  let turn = seed;
  do {
    for (const { name, property } of subjects) {
      const details = await fc.check(property, { seed: turn, numRuns: RunsPerTurn });
      runs[name] = (runs[name] ?? 0) + details.numRuns;
      if (!details.failed) continue;
      const counterexample = fc.stringify(details.counterexample?.[0]);
      return { runs, failure: { name, seed: turn, counterexample, error: String(details.errorInstance) } };
    }
    turn = (turn + 1) | 0;
  } while (!enough());
  return { runs };
}
