import type { Clock } from '@client-ts/apimachinery';

/** Longest piece of work between two turns of the event loop. */
const SliceMs = 8;

/** The clock is asked once for so many pieces; more often would cost more than the work. */
const PiecesPerLook = 16;

/** Cuts long work into slices, between which the event loop does other things. */
export interface Slicer {
  /** Whether the slice is used up; to be asked after each piece of work. */
  due(): boolean;
  /** Resolves in the next turn, with a new slice. */
  yield(): Promise<void>;
}

/** Those who work in the same turns of the event loop, and so have one slice between them. */
export interface SliceGroup {
  /** How many have work to do. */
  active: number;
}

/** A slice that was not used for long counts as used up: the next long work waits for a turn once more than it had to. */
export function newSlicer(clock: Clock, group?: SliceGroup): Slicer {
  let started = clock.now();
  let pieces = 0;
  return {
    due() {
      pieces++;
      return pieces % PiecesPerLook === 0 && clock.now() - started >= SliceMs / Math.max(group?.active ?? 1, 1);
    },
    async yield() {
      await (clock.nextTurn?.() ?? new Promise<void>((resolve) => clock.setTimeout(resolve, 0)));
      started = clock.now();
    },
  };
}
