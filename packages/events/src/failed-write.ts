import type { RecordingContext } from './event-api.js';
import { EventError } from './event-error.js';
import type { Written } from './event-writer.js';
import type { ObjectReference } from './object-reference.js';

type Failed = Exclude<Written<unknown>, { readonly outcome: 'sent' }>;

/** Counts a write that came to nothing, and tells of it where it is not in good order. */
export function failedWrite(
  { count, report }: RecordingContext,
  reason: string | undefined,
  { kind, namespace, name }: ObjectReference,
  written: Failed,
): void {
  if (written.outcome === 'closed') {
    count('dropped');
    return;
  }
  count(written.outcome);
  if (written.outcome === 'rejected' && written.expected) return;
  const object = namespace === undefined ? name : `${namespace}/${name}`;
  report(new EventError(written.outcome, `event ${reason} of ${kind} ${object} was not written`, written.error));
}
