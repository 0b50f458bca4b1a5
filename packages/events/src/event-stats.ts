/** What can become of an event, or of a write. */
export const EventOutcomes = [
  /** Written: created, or counted up in one that was there. */
  'sent',
  /** Counted in a series, to be written later. */
  'merged',
  /** Held back as spam. */
  'suppressed',
  /** Lost for want of a place, or of time in the end. */
  'dropped',
  /** Refused by the server. */
  'rejected',
  /** Given up after many tries. */
  'unreachable',
  /** No event at all, such as one about an object without a kind. */
  'invalid',
] as const;

export type EventOutcome = (typeof EventOutcomes)[number];

/** Counts since the broadcaster was made. With several sinks or watchers, each counts what it did. */
export interface EventStats extends Readonly<Record<EventOutcome, number>> {
  /** How much waits now. */
  readonly queued: number;
}
