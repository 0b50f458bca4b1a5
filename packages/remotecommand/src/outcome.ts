import { isFailureStatus, type Status, StatusError } from '@client-ts/apimachinery/errors';
import { RemoteCommandError } from './remote-command-error.js';

/** How it went: what the process left behind, or why nobody knows. */
export type Outcome = { readonly code: number } | { readonly error: unknown };

/** `metav1` has no names for these: they are those of `k8s.io/apimachinery/pkg/util/remotecommand`. */
const NonZeroExitCode = 'NonZeroExitCode';
const ExitCode = 'ExitCode';

/** So much of a text that nobody understands is shown. */
const MaxShown = 200;

/**
 * What the status means that came on the error channel, from v4 of the protocol on; `undefined` when the text is no JSON, as
 * half of one is not.
 *
 * A `Failure` with the reason `NonZeroExitCode` is an exit code, any other one a `StatusError`.
 */
export function decodeOutcome(text: string): Outcome | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { error: notUnderstood(text) };
  // Kubelets leave out the kind.
  const status: Status = { ...value, kind: 'Status' };
  if (status.status === 'Success') return { code: 0 };
  if (!isFailureStatus(status) || status.status !== 'Failure') return { error: notUnderstood(text) };
  if (status.reason !== NonZeroExitCode) return { error: new StatusError(status) };
  const code = status.details?.causes?.find(({ reason }) => reason === ExitCode)?.message;
  if (code === undefined) return { error: new StatusError(status) };
  return /^-?[1-9]\d{0,9}$/.test(code) ? { code: Number(code) } : { error: notUnderstood(text) };
}

/** @param text - what the server said about the end. */
export function notUnderstood(text: string): RemoteCommandError {
  const shown = text.length > MaxShown ? `${text.slice(0, MaxShown)}…` : text;
  return new RemoteCommandError('protocol', `expected a status at the end, got ${JSON.stringify(shown)}`);
}
