export const LeaseName = 'contested';
/** The ConfigMap that leaders write. */
export const WrittenName = 'written';

/** Short, so that hand-overs are; long enough for a machine that is busy. */
export const Times = { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 300 } as const;
