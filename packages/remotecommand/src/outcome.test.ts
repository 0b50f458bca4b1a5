import { isStatusError } from '@client-ts/apimachinery/errors';
import { describe, expect, test } from 'vitest';
import { decodeOutcome } from './outcome.js';

const exitStatus = (message: unknown, reason = 'ExitCode'): string =>
  JSON.stringify({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: 'it says',
    details: { causes: [{ reason, message }] },
  });

describe('a status is', () => {
  test.each([
    ['success', '{"metadata":{},"status":"Success"}', 0],
    ['an exit code', exitStatus('3'), 3],
    ['a large one, as Windows has them', exitStatus('3221225786'), 3_221_225_786],
    ['a negative one', exitStatus('-1'), -1],
  ])('%s', (_, text, code) => {
    expect(decodeOutcome(text)).toEqual({ code });
  });

  test.each([
    [
      'a failure for another reason',
      '{"status":"Failure","reason":"InternalError","message":"no such container"}',
      'no such container',
    ],
    ['a failure without a code', exitStatus('3', 'Other'), 'it says'],
    ['a failure without details', '{"status":"Failure","reason":"NonZeroExitCode","message":"it says"}', 'it says'],
    ['a failure that says nothing', '{"status":"Failure"}', 'unknown error'],
  ])('%s: a StatusError', (_, text, message) => {
    const { error } = decodeOutcome(text) as { error: Error };
    expect([isStatusError(error), error.message]).toEqual([true, message]);
  });

  test.each([
    ['exit code 0 of a failure', exitStatus('0')],
    ['an exit code that is no number', exitStatus('three')],
    ['an exit code that is longer than numbers are', exitStatus('9'.repeat(400))],
    ['an exit code that is no text', exitStatus(3)],
    ['an unknown kind of status', '{"status":"Maybe"}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['something else', '"ok"'],
    ['causes of other types', '{"status":"Failure","reason":"NonZeroExitCode","details":{"causes":"ExitCode"}}'],
  ])('%s: not understood', (_, text) => {
    expect(decodeOutcome(text)).toMatchObject({ error: { name: 'RemoteCommandError', failure: 'protocol' } });
  });

  test('not there yet, while its text is not JSON', () => {
    expect(decodeOutcome('{"status":"Succ')).toBeUndefined();
  });

  test('shown in part when it is long', () => {
    const { error } = decodeOutcome(JSON.stringify('x'.repeat(10_000))) as { error: Error };
    expect(error.message.length).toBeLessThan(300);
  });
});
