import { heldResources, type HeldResources } from './held-resources.js';
import { parseSoakArguments, type SoakArguments } from './soak-arguments.js';
import { soak } from './soak-run.js';
import type { SoakSubject } from './soak-subjects.js';

/** Runs the subjects as the arguments say, and prints what came of it. Resolves with the exit code. */
export async function soakCommand(
  args: readonly string[],
  subjects: readonly SoakSubject[],
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
  print(`${subjects.map(({ name }) => name).join(', ')}: ${minutes} minutes from seed ${seed}`);
  // The first turn loads and compiles what the others use; growth is counted from there.
  const first = await soak(subjects, 0, seed);
  const before = await heldResources();
  const { runs, failure } = first.failure ? first : await soak(subjects, minutes, seed);
  print(`${runs} runs, ${failure ? 1 : 0} failures`);
  print(describeGrowth(before, await heldResources()));
  if (!failure) return 0;
  print(`\n${failure.name} failed; see it again with --seed ${failure.seed}`);
  print(`shortest input found: ${failure.counterexample}`);
  print(failure.error);
  return 1;
}

function describeGrowth(before: HeldResources, after: HeldResources): string {
  const heap = (after.heapBytes - before.heapBytes) / 1024 / 1024;
  const sockets = after.sockets - before.sockets;
  const timers = after.timers - before.timers;
  return `growth: heap ${heap.toFixed(1)} MiB, sockets ${sockets}, timers ${timers}`;
}
