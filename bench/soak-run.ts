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
  readonly runs: number;
  readonly failure?: SoakFailure | undefined;
}

/** Runs of one subject before it is the next one's turn. */
const RunsPerTurn = 20;

/**
 * Runs the subjects in turn, at least once, until the time is over or one fails. A turn follows from its seed; the seed of
 * the next is one more.
 */
export async function soak(subjects: readonly SoakSubject[], minutes: number, seed: number): Promise<SoakResult> {
  const end = performance.now() + minutes * 60_000;
  let runs = 0;
  let turn = seed;
  do {
    for (const { name, property } of subjects) {
      const details = await fc.check(property, { seed: turn, numRuns: RunsPerTurn });
      runs += details.numRuns;
      if (!details.failed) continue;
      const counterexample = fc.stringify(details.counterexample?.[0]);
      return { runs, failure: { name, seed: turn, counterexample, error: String(details.errorInstance) } };
    }
    turn = (turn + 1) | 0;
  } while (performance.now() < end);
  return { runs };
}
