import { collectGarbage } from './collect-garbage.js';

/** What the process holds on to. */
export interface HeldResources {
  readonly heapBytes: number;
  readonly sockets: number;
  readonly timers: number;
}

/** After a collection of all garbage, and a turn of the event loop in which what was closed goes away. */
export async function heldResources(): Promise<HeldResources> {
  await new Promise<void>((resolve) => setImmediate(resolve));
  collectGarbage();
  const active = process.getActiveResourcesInfo();
  return {
    heapBytes: process.memoryUsage().heapUsed,
    sockets: active.filter((name) => /^T(?:CP|LS)/.test(name)).length,
    timers: active.filter((name) => name === 'Timeout' || name === 'Immediate').length,
  };
}
