import type { RecordingContext } from './event-api.js';
import { EventError } from './event-error.js';
import type { Written } from './event-writer.js';

type Failed = Exclude<Written<unknown>, { readonly outcome: 'sent' }>;

/** Counts a write that came to nothing, and tells of it where it is not in good order. */
export function failedWrite({ count, report }: RecordingContext, what: string, written: Failed): void {
  if (written.outcome === 'closed') {
    count('dropped');
    return;
  }
  count(written.outcome);
  if (written.outcome === 'rejected' && written.expected) return;
  report(new EventError(written.outcome, `${what} was not written`, written.error));
}
