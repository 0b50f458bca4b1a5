import type { LossReason } from './election-step.js';

/** Why `leading` aborted, when that was not asked for. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
  readonly reason: LossReason;
  /**
   * How long after the renew deadline it was noticed, in milliseconds: more than a few are the time for which the event loop was
   * held up, or the process stopped. 0 unless the reason is `expired`.
   */
  readonly lateMs: number;

  /** @param cause - how the last request failed, if it did. */
  constructor(lock: string, reason: LossReason, lateMs: number, cause?: unknown) {
    super(
      `no longer the leader by ${JSON.stringify(lock)}: ${describe(reason, lateMs)}`,
      cause === undefined ? {} : { cause },
    );
    this.reason = reason;
    this.lateMs = lateMs;
  }
}

/** Whether `err` is a `LeadershipLostError` of this or another copy of the package. */
export function isLeadershipLost(err: unknown): err is LeadershipLostError {
  return err instanceof Error && err.name === 'LeadershipLostError';
}

function describe(reason: LossReason, lateMs: number): string {
  switch (reason) {
    case 'expired':
      return `it was not renewed in time, which was noticed after ${Math.round(lateMs)} ms`;
    case 'taken':
      return 'it has another holder';
    case 'end of term':
      return 'the control plane prefers another holder';
  }
}
