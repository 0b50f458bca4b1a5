import { expect, test } from 'vitest';
import {
  newAlreadyExists,
  newBadRequest,
  newConflict,
  newForbidden,
  newGone,
  newInternalError,
  newInvalid,
  newMethodNotSupported,
  newNotAcceptable,
  newNotFound,
  newRequestEntityTooLarge,
  newResourceExpired,
  newServerTimeout,
  newServiceUnavailable,
  newStatusError,
  newTimeout,
  newTooLargeResourceVersion,
  newTooManyRequests,
  newUnauthorized,
  newUnsupportedMediaType,
} from './constructors.js';
import type { StatusCause } from './status.js';

const pods = { group: '', resource: 'pods' };
const deployments = { group: 'apps', resource: 'deployments' };
const web = { name: 'web', kind: 'pods' };

test.each([
  [newNotFound(pods, 'web'), 404, 'NotFound', 'pods "web" not found', web],
  [
    newNotFound(deployments, 'web'),
    404,
    'NotFound',
    'deployments.apps "web" not found',
    { name: 'web', group: 'apps', kind: 'deployments' },
  ],
  [newNotFound(pods, ''), 404, 'NotFound', 'pods "" not found', { kind: 'pods' }],
  [newAlreadyExists(pods, 'web'), 409, 'AlreadyExists', 'pods "web" already exists', web],
  [
    newConflict(pods, 'web'),
    409,
    'Conflict',
    'Operation cannot be fulfilled on pods "web": the object has been modified; please apply your changes to the latest version and try again',
    web,
  ],
  [newConflict(pods, 'web', 'busy'), 409, 'Conflict', 'Operation cannot be fulfilled on pods "web": busy', web],
  [newForbidden(pods, 'web', 'no'), 403, 'Forbidden', 'pods "web" is forbidden: no', web],
  [newForbidden(pods, '', 'no'), 403, 'Forbidden', 'pods is forbidden: no', { kind: 'pods' }],
  [newForbidden({ group: '', resource: '' }, '', 'no'), 403, 'Forbidden', 'forbidden: no', {}],
  [newUnauthorized(), 401, 'Unauthorized', 'Unauthorized', undefined],
  [newBadRequest('odd'), 400, 'BadRequest', 'odd', undefined],
  [
    newMethodNotSupported(deployments, 'create'),
    405,
    'MethodNotAllowed',
    'create is not supported on resources of kind "deployments.apps"',
    { group: 'apps', kind: 'deployments' },
  ],
  [
    newNotAcceptable(['application/json', 'application/yaml']),
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml',
    undefined,
  ],
  [newGone('gone'), 410, 'Gone', 'gone', undefined],
  [newResourceExpired('too old'), 410, 'Expired', 'too old', undefined],
  [newRequestEntityTooLarge('3 MB'), 413, 'RequestEntityTooLarge', 'Request entity too large: 3 MB', undefined],
  [
    newUnsupportedMediaType(['application/json']),
    415,
    'UnsupportedMediaType',
    'the body of the request was in an unknown format - accepted media types include: application/json',
    undefined,
  ],
  [newTooManyRequests('slow', 3), 429, 'TooManyRequests', 'slow', { retryAfterSeconds: 3 }],
  [newTooManyRequests('slow', 0), 429, 'TooManyRequests', 'slow', {}],
  [newInternalError('boom'), 500, 'InternalError', 'Internal error occurred: boom', { causes: [{ message: 'boom' }] }],
  [
    newServerTimeout(pods, 'create', 2),
    500,
    'ServerTimeout',
    'The create operation against pods could not be completed at this time, please try again.',
    { name: 'create', kind: 'pods', retryAfterSeconds: 2 },
  ],
  [newServiceUnavailable('away'), 503, 'ServiceUnavailable', 'away', undefined],
  [newTimeout('slow', 1), 504, 'Timeout', 'Timeout: slow', { retryAfterSeconds: 1 }],
  [
    newTooLargeResourceVersion('9', '7', 1),
    504,
    'Timeout',
    'Timeout: Too large resource version: 9, current: 7',
    {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    },
  ],
  [newStatusError(500, '', 'odd'), 500, undefined, 'odd', undefined],
])('%s', (error, code, reason, message, details) => {
  expect(error.status).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason === undefined ? {} : { reason }),
    ...(details === undefined ? {} : { details }),
    code,
  });
  expect(error.message).toBe(message);
});

const required: StatusCause = { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.a' };
const forbidden: StatusCause = { reason: 'FieldValueForbidden', message: 'Forbidden: no', field: 'spec.b' };

test.each<[StatusCause[], string]>([
  [[], 'Pod "web" is invalid'],
  [[required], 'Pod "web" is invalid: spec.a: Required value'],
  [[required, forbidden], 'Pod "web" is invalid: [spec.a: Required value, spec.b: Forbidden: no]'],
  [[required, required], 'Pod "web" is invalid: spec.a: Required value'],
  [[{ message: 'odd' }], 'Pod "web" is invalid: odd'],
])('an object that is invalid for %j: %s', (causes, message) => {
  const { status } = newInvalid({ group: '', kind: 'Pod' }, 'web', causes);
  expect(status).toMatchObject({ code: 422, reason: 'Invalid', message, details: { name: 'web', kind: 'Pod' } });
  expect(status.details?.causes ?? []).toEqual(causes);
});

test('an invalid object of a group is named with it', () => {
  const { status } = newInvalid({ group: 'apps', kind: 'Deployment' }, '', [required]);
  expect(status.message).toBe('Deployment.apps "" is invalid: spec.a: Required value');
  expect(status.details).toEqual({ group: 'apps', kind: 'Deployment', causes: [required] });
});
