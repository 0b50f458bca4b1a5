import { formatGroupResource, type GroupResource } from '../schema.js';
import { newStatusError } from './constructors.js';
import type { StatusDetails } from './status.js';
import type { StatusError } from './status-error.js';

export interface GenericServerResponse {
  /** HTTP status code. */
  readonly code: number;
  /** HTTP method in lower case. */
  readonly verb: string;
  readonly resource: GroupResource;
  readonly name: string;
  /** What the server, or a proxy before it, wrote. */
  readonly serverMessage: string;
  readonly retryAfterSeconds?: number;
}

type Meaning = readonly [reason: string, message: string];

const Meanings: Readonly<Record<number, Meaning>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  406: ['NotAcceptable', 'the server was unable to respond with a content type that the client supports'],
  409: ['Conflict', 'the server reported a conflict'],
  415: ['UnsupportedMediaType', 'the server does not support the media type of the request'],
  422: ['Invalid', 'the server rejected our request due to an error in our request'],
  429: ['TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: [
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
};

/**
 * Makes the error for a failure that came without a `Status`: from a proxy, a gateway, a web page.
 *
 * Codes and reasons are those of apimachinery's `NewGenericServerResponse`; the server's own text is kept as a cause.
 */
export function genericServerResponse(response: GenericServerResponse): StatusError {
  const { code, verb, resource, name, serverMessage, retryAfterSeconds = 0 } = response;
  const [reason, problem] = meaningOf(response);
  const subject = [verb, formatGroupResource(resource), name].filter((part) => part !== '').join(' ');
  const message = resource.resource === '' ? problem : `${problem} (${subject})`;
  const details: StatusDetails = {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    ...(resource.resource === '' ? {} : { kind: resource.resource }),
    causes: [{ reason: 'UnexpectedServerResponse', message: serverMessage }],
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  };
  return newStatusError(code, reason, message, details);
}

function meaningOf({ code, verb, serverMessage }: GenericServerResponse): Meaning {
  if (code === 409 && verb === 'post') return ['AlreadyExists', 'the server reported a conflict'];
  if (code === 403) return ['Forbidden', serverMessage];
  const known = Meanings[code];
  if (known) return known;
  if (code >= 500) {
    const quoted = JSON.stringify(serverMessage);
    return ['InternalError', `an error on the server (${quoted}) has prevented the request from succeeding`];
  }
  return ['', `the server responded with the status code ${code} but did not return more information`];
}
