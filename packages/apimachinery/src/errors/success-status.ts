import type { SuccessStatus } from './status.js';

/** Whether an answer is a `Status` that tells of success, and not an object. */
export function isSuccessStatus(value: unknown): value is SuccessStatus {
  const { kind, status } = (value ?? {}) as Partial<SuccessStatus>;
  return kind === 'Status' && status === 'Success';
}
