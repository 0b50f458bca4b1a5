import type { Clock } from '@client-ts/apimachinery';

/** Longest piece of work between two turns of the event loop. */
const SliceMs = 8;

/** Cuts long work into slices, between which the event loop does other things. */
export interface Slicer {
  /** Whether the slice is used up. */
  due(): boolean;
  /** Resolves in the next turn, with a new slice. */
  yield(): Promise<void>;
}

export function newSlicer(clock: Clock): Slicer {
  let started = clock.now();
  let lastTurn = 0;
  return {
    due() {
      // A slice begins with the first work after a turn; asking the clock each time would cost more than the work.
      if ((lastTurn++ & 15) !== 0) return false;
      return clock.now() - started >= SliceMs;
    },
    async yield() {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 0));
      started = clock.now();
      lastTurn = 1;
    },
  };
}
