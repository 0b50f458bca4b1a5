import { heldResources } from './held-resources.js';
import { parseSoakArguments, type SoakArguments } from './soak-arguments.js';
import { soak } from './soak-run.js';
import type { SoakSubject } from './soak-subjects.js';
import type { SoakTrial } from './soak-trials.js';

/** Of each subject, when no time is given. */
const EnoughRuns = 10_000;
/** Sockets and timers that may be left, as some come and go by themselves. What is left by one run in a hundred is more. */
const MaxLeft = 100;

/**
 * Runs the subjects as the arguments say, and then, if no time was given, the trials, and prints what came of it. Resolves with
 * the exit code.
 */
export async function soakCommand(
  args: readonly string[],
  subjects: readonly SoakSubject[],
  trials: readonly SoakTrial[],
  print: (line: string) => void,
): Promise<number> {
  let given: SoakArguments;
  try {
    given = parseSoakArguments(args);
  } catch (error) {
    print((error as Error).message);
    return 1;
  }
  const { minutes, seed } = given;
  const amount = minutes === undefined ? { runs: EnoughRuns } : { minutes };
  const howMuch = minutes === undefined ? `${EnoughRuns} runs each` : `${minutes} minutes`;
  print(`${subjects.map(({ name }) => name).join(', ')}: ${howMuch} from seed ${seed}`);
  // The first turn loads and compiles what the others use; growth is counted from there.
  const first = await soak(subjects, { runs: 1 }, seed);
  const before = await heldResources();
  const { runs, failure } = first.failure ? first : await soak(subjects, amount, seed);
  for (const [name, count] of Object.entries(runs)) print(`${name}: ${count} runs`);
  const after = await heldResources();
  const left = { sockets: after.sockets - before.sockets, timers: after.timers - before.timers };
  const heapMiB = ((after.heapBytes - before.heapBytes) / 1024 / 1024).toFixed(1);
  print(`growth: heap ${heapMiB} MiB, sockets ${left.sockets}, timers ${left.timers}`);
  if (failure) {
    print(`\n${failure.name} failed; see it again with --seed ${failure.seed}`);
    print(`shortest input found: ${failure.counterexample}`);
    print(failure.error);
    return 1;
  }
  if (Math.max(left.sockets, left.timers) > MaxLeft) {
    print(`\nno more than ${MaxLeft} sockets, and as many timers, may be left behind`);
    return 1;
  }
  return minutes === undefined ? tryAll(trials, print) : 0;
}

async function tryAll(trials: readonly SoakTrial[], print: (line: string) => void): Promise<number> {
  let failed = 0;
  for (const { name, run } of trials) {
    try {
      print(`${name}: ${await run()}`);
    } catch (error) {
      failed = 1;
      print(`${name} failed: ${String(error)}`);
    }
  }
  return failed;
}
