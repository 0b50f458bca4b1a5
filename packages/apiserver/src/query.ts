import { newBadRequest, newInvalid, type StatusCause } from '@client-ts/apimachinery/errors';
import { forbidden, unsupported } from './rules/causes.js';

/** Options of a list or watch as they stand in the query. @see https://kubernetes.io/docs/reference/using-api/api-concepts/ */
export interface ListQuery {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly limit: number;
  readonly continue: string;
  readonly timeoutSeconds: number | undefined;
  readonly watch: boolean;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/** @throws StatusError 400 or 422 as a real server's. */
export function listQuery(query: URLSearchParams, watch: boolean): ListQuery {
  const parsed: ListQuery = {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    limit: integer(query, 'limit') ?? 0,
    continue: query.get('continue') ?? '',
    timeoutSeconds: integer(query, 'timeoutSeconds'),
    watch,
    allowWatchBookmarks: flag(query, 'allowWatchBookmarks') ?? false,
    sendInitialEvents: flag(query, 'sendInitialEvents'),
  };
  const causes = watch ? watchProblems(parsed) : listProblems(parsed);
  if (causes.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', causes);
  return parsed;
}

/**
 * A boolean of the query: present without a value, and any value but `0` and `false` is true, as a real server reads it.
 */
export function flag(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name);
  if (value === null) return undefined;
  return value.toLowerCase() !== 'false' && value !== '0';
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  return parseInt64(text);
}

/** @throws StatusError 400 in the words of the parser that a real server uses. */
export function parseInt64(text: string): number {
  if (!/^[+-]?[0-9]+$/.test(text)) {
    throw newBadRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value) {
    throw newBadRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`);
  }
  return Number(value);
}

/** What is wrong with a resource version; `undefined` for a good one. */
export function resourceVersionProblem(text: string): string | undefined {
  const quoted = JSON.stringify(text);
  if (!/^[0-9]+$/.test(text)) return `strconv.ParseUint: parsing ${quoted}: invalid syntax`;
  if (BigInt(text) >= 2n ** 64n) return `strconv.ParseUint: parsing ${quoted}: value out of range`;
  return undefined;
}

const Match = 'resourceVersionMatch';

function listProblems(query: ListQuery): StatusCause[] {
  const { resourceVersionMatch: match, resourceVersion: version } = query;
  const causes: StatusCause[] = [];
  if (query.sendInitialEvents !== undefined) {
    causes.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (match === '') return causes;
  if (version === '')
    causes.push(forbidden(Match, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (query.continue !== '')
    causes.push(forbidden(Match, 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan')
    causes.push(unsupported(Match, match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && version === '0') {
    causes.push(forbidden(Match, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  return causes;
}

function watchProblems(query: ListQuery): StatusCause[] {
  const { resourceVersionMatch: match, sendInitialEvents } = query;
  const causes: StatusCause[] = [];
  if (sendInitialEvents !== undefined && match !== 'NotOlderThan') {
    causes.push(forbidden(Match, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '') {
    if (sendInitialEvents === undefined) {
      causes.push(forbidden(Match, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    }
    if (match !== 'NotOlderThan') causes.push(unsupported(Match, match, ['NotOlderThan']));
  }
  if (query.continue !== '')
    causes.push(forbidden(Match, 'resourceVersionMatch is forbidden when continue is provided'));
  return causes;
}
