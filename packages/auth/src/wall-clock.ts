import { type Clock, realClock } from '@client-ts/apimachinery';

/**
 * The time that credentials expire by. Unlike `realClock` it follows the machine's own clock, which goes on while the
 * machine sleeps: a laptop wakes up with tokens that are no longer any good.
 */
export const wallClock: Clock = { ...realClock, now: () => Date.now() };
