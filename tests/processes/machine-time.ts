/** Milliseconds of the machine's monotonic clock: the same for all of its processes, whatever the wall clock does. */
export function machineTime(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
