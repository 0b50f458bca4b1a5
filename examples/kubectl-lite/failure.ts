import { isStatusError, type StatusError } from '@client-ts/apimachinery/errors';
import { isJsonPathError } from '@client-ts/jsonpath';
import { isTransportError } from '@client-ts/rest';
import { isNoResourceMatch } from '@client-ts/restmapper';
import { escapeTerminal } from './printing/escape-terminal.js';

/** What kubectl says of a failure: lines, each with its end. */
export function describeFailure(error: unknown): string {
  const [first, ...others] = failuresIn(error);
  const text = others.length > 0 ? failuresIn(error).map(inList).join('\n') : alone(first);
  return `${escapeTerminal(text).replace(/\n$/, '')}\n`;
}

/** Rejects with all of several failures, if there are any. */
export function throwAll(errors: readonly unknown[]): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors);
}

function failuresIn(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(failuresIn) : [error];
}

function alone(error: unknown): string {
  if (isStatusError(error) && error.reason === 'Invalid') return invalid(error);
  if (isNoResourceMatch(error)) return noResource(error.partialResource);
  const text = inList(error);
  return fromElsewhere(error) || text.startsWith('error: ') ? text : `error: ${text}`;
}

function inList(error: unknown): string {
  if (isJsonPathError(error)) return error.reason;
  return fromElsewhere(error) ?? (error instanceof Error ? error.message : String(error));
}

/** From the server, or of the way to it. */
function fromElsewhere(error: unknown): string | undefined {
  if (isTransportError(error)) {
    const [, refusing] = /^(\S+): connection refused$/.exec(error.message) ?? [];
    return refusing === undefined
      ? `Unable to connect to the server: ${error.message}`
      : `The connection to the server ${refusing} was refused - did you specify the right host or port?`;
  }
  if (!isStatusError(error)) return undefined;
  if (error.reason === 'Unauthorized') return `error: You must be logged in to the server (${error.message})`;
  return `Error from server${error.reason && ` (${error.reason})`}: ${error.message}`;
}

function invalid({ status: { details, message = '' } }: StatusError): string {
  const { kind = '', name = '', causes = [] } = details ?? {};
  const problems = [...new Set(causes.map(({ field = '', message = '' }) => `${field}: ${message}`))];
  const subject = kind || name ? `The ${kind} ${JSON.stringify(name)} is invalid` : 'The request is invalid';
  if (problems.length === 0) return kind || name || !message ? subject : `${subject}: ${message}`;
  return problems.length === 1
    ? `${subject}: ${problems[0]}`
    : `${subject}: \n${problems.map((problem) => `* ${problem}`).join('\n')}`;
}

/** Of a resource, as people have named it. */
export function noResource({
  resource,
  group,
  version,
}: {
  resource: string;
  group?: string | undefined;
  version?: string | undefined;
}): string {
  const places = [group && `group ${JSON.stringify(group)}`, version && `version ${JSON.stringify(version)}`].filter(
    Boolean,
  );
  return `the server doesn't have a resource type ${JSON.stringify(resource)}${places.length > 0 ? ` in ${places.join(' and ')}` : ''}`;
}
