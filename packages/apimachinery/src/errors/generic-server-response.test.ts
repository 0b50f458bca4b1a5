import { expect, test } from 'vitest';
import { type GenericServerResponse, genericServerResponse } from './generic-server-response.js';

const response = { verb: 'GET', resource: { group: '', resource: '' }, name: '', serverMessage: 'text' };

test.each<[number, string, string]>([
  [400, 'BadRequest', 'the server rejected our request for an unknown reason'],
  [401, 'Unauthorized', 'the server has asked for the client to provide credentials'],
  [402, '', 'the server responded with the status code 402 but did not return more information'],
  [403, 'Forbidden', 'text'],
  [404, 'NotFound', 'the server could not find the requested resource'],
  [405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  [406, 'NotAcceptable', 'text'],
  [409, 'Conflict', 'the server reported a conflict'],
  [410, '', 'the server responded with the status code 410 but did not return more information'],
  [415, 'UnsupportedMediaType', 'text'],
  [422, 'Invalid', 'the server rejected our request due to an error in our request'],
  [429, 'TooManyRequests', 'the server has received too many requests and has asked us to try again later'],
  [500, 'InternalError', 'an error on the server ("text") has prevented the request from succeeding'],
  [502, 'InternalError', 'an error on the server ("text") has prevented the request from succeeding'],
  [503, 'ServiceUnavailable', 'the server is currently unable to handle the request'],
  [
    504,
    'Timeout',
    'the server was unable to return a response in the time allotted, but may still be processing the request',
  ],
])('%i means %j: %s', (code, reason, message) => {
  const error = genericServerResponse({ ...response, code });
  expect([error.code, error.reason, error.message]).toEqual([code, reason, message]);
  expect(error.status.details).toEqual({ causes: [{ reason: 'UnexpectedServerResponse', message: 'text' }] });
});

test.each(['POST', 'post'])('409 to %s means that the name is taken', (verb) => {
  expect(genericServerResponse({ ...response, verb, code: 409 }).reason).toBe('AlreadyExists');
});

test.each(['', 'unknown'])('406 with the text %j says what was wanted', (serverMessage) => {
  expect(genericServerResponse({ ...response, code: 406, serverMessage }).message).toBe(
    'the server was unable to respond with a content type that the client supports',
  );
});

test.each<[Partial<GenericServerResponse>, string]>([
  [{ resource: { group: '', resource: 'pods' } }, '(get pods)'],
  [{ resource: { group: '', resource: 'pods' }, name: 'web' }, '(get pods web)'],
  [
    { resource: { group: 'apps', resource: 'deployments' }, verb: 'PATCH', name: 'web' },
    '(patch deployments.apps web)',
  ],
])('the message says what was asked: %j', (request, subject) => {
  expect(genericServerResponse({ ...response, ...request, code: 404 }).message).toBe(
    `the server could not find the requested resource ${subject}`,
  );
});

test('details name the object, and when to try again', () => {
  const error = genericServerResponse({
    ...response,
    code: 429,
    resource: { group: 'apps', resource: 'deployments' },
    name: 'web',
    retryAfterSeconds: 5,
    isUnexpectedResponse: false,
  });
  expect(error.status.details).toEqual({ name: 'web', group: 'apps', kind: 'deployments', retryAfterSeconds: 5 });
});

test('a refusal without a word has a message all the same', () => {
  expect(genericServerResponse({ ...response, code: 403, serverMessage: '' }).message).toBe('Forbidden');
});
