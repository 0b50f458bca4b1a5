/** What a candidate prints. */
export interface CandidateEvent {
  /** See `machineTime`. */
  readonly at: number;
  readonly event: 'leading' | 'ended' | 'writing' | 'wrote' | 'fenced off' | 'sees';
  readonly term?: number;
  readonly reason?: string;
  readonly leader?: string;
}
