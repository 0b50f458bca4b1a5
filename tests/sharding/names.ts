/** Short, so that take-overs are; long enough for a machine that is busy. */
export const Times = { leaseDurationMs: 5000, renewDeadlineMs: 4000, retryPeriodMs: 500 } as const;
