import { formatGroupResource, type GroupResource } from '../schema.js';
import { newStatusError } from './constructors.js';
import type { StatusDetails } from './status.js';
import type { StatusError } from './status-error.js';

export interface GenericServerResponse {
  /** HTTP status code. */
  readonly code: number;
  /** HTTP method. */
  readonly verb: string;
  /** What the request was about; both parts empty when it was no resource. */
  readonly resource: GroupResource;
  /** Name of the object, or empty. */
  readonly name: string;
  /** What the server, or a proxy before it, wrote; `unknown` when that is no text. */
  readonly serverMessage: string;
  readonly retryAfterSeconds?: number | undefined;
  /** Keeps `serverMessage` as a cause. Default: true, since such a response is not what an API server sends. */
  readonly isUnexpectedResponse?: boolean | undefined;
}

type Meaning = readonly [reason: string, message: string];

const Meanings: Readonly<Record<number, Meaning>> = {
  400: ['BadRequest', 'the server rejected our request for an unknown reason'],
  401: ['Unauthorized', 'the server has asked for the client to provide credentials'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  409: ['Conflict', 'the server reported a conflict'],
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
 * Code, reason, message and details are those of apimachinery's `NewGenericServerResponse`, but that a redirect is called one.
 */
export function genericServerResponse(response: GenericServerResponse): StatusError {
  const { code, resource, name, serverMessage, retryAfterSeconds = 0, isUnexpectedResponse = true } = response;
  const verb = response.verb.toLowerCase();
  const what = formatGroupResource(resource);
  const [reason, problem] = meaningOf(code, verb, serverMessage);
  const subject = [verb, what, name].filter((part) => part !== '').join(' ');
  const message = what === '' ? problem : `${problem} (${subject})`;
  const details: StatusDetails = {
    ...(name === '' ? {} : { name }),
    ...(resource.group === '' ? {} : { group: resource.group }),
    ...(resource.resource === '' ? {} : { kind: resource.resource }),
    ...(isUnexpectedResponse ? { causes: [{ reason: 'UnexpectedServerResponse', message: serverMessage }] } : {}),
    ...(retryAfterSeconds > 0 ? { retryAfterSeconds } : {}),
  };
  return newStatusError(code, reason, message, details);
}

function meaningOf(code: number, verb: string, serverMessage: string): Meaning {
  if (code === 409 && verb === 'post') return ['AlreadyExists', 'the server reported a conflict'];
  // Here the server's own words tell who may not do what, and which media types there are.
  if (code === 403) return ['Forbidden', serverMessage];
  if (code === 415) return ['UnsupportedMediaType', serverMessage];
  if (code === 406) {
    const isKnown = serverMessage !== '' && serverMessage !== 'unknown';
    const unknown = 'the server was unable to respond with a content type that the client supports';
    return ['NotAcceptable', isKnown ? serverMessage : unknown];
  }
  const known = Meanings[code];
  if (known) return known;
  const quoted = JSON.stringify(serverMessage);
  if (code >= 500)
    return ['InternalError', `an error on the server (${quoted}) has prevented the request from succeeding`];
  if (code < 400) return ['', `redirected to ${quoted}`];
  return ['', `the server responded with the status code ${code} but did not return more information`];
}
