import type { SpanContext } from './tracing.js';

/** Why something is reconciled, as the queue carries it: words for people, or the write that it comes from. */
export type Reason = string | SpanContext;
