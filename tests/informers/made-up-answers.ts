import type { StatusError } from '@client-ts/apimachinery/errors';
import type { TransportFailure } from '@client-ts/rest';
import type { Fault } from '@client-ts/testing';

/** What servers, and what is in front of them, answer instead of what was asked for. */

export function refused({ code, status }: StatusError): Fault {
  return { kind: 'status', status: code, body: JSON.stringify(status) };
}

export function errorEvent({ status }: StatusError): Fault {
  return { kind: 'status', status: 200, body: `${JSON.stringify({ type: 'ERROR', object: status })}\n` };
}

export function busyFor(seconds: number): Fault {
  return { kind: 'status', status: 429, headers: { 'content-type': 'text/plain', 'retry-after': String(seconds) } };
}

export function loginPage(): Fault {
  return { kind: 'status', status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Who are you?</html>' };
}

export function broken(failure: TransportFailure): Fault {
  return { kind: 'error', failure };
}
