export const LeaseName = 'contested';
/** The ConfigMap that leaders write. */
export const WrittenName = 'written';

/**
 * Short, so that hand-overs are. Long enough for a machine that is busy: a leader that is not let run for longer than from its
 * deadline to the end of its lease hears too late that it is none.
 */
export const Times = { leaseDurationMs: 4000, renewDeadlineMs: 2000, retryPeriodMs: 300 } as const;
