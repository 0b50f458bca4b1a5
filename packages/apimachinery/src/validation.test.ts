import { expect, test } from 'vitest';
import {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from './validation.js';

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label1035 =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const keyName =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const a = (length: number): string => 'a'.repeat(length);

test.each([
  [isDNS1123Label, ['a', 'ab', 'a1', 'a-1', 'a--1--2--b', '0', '01', '1a1', a(63)]],
  [isDNS1123Subdomain, ['a', '0', 'a.b', 'a--1.b--2', '1.2.3', `${a(63)}.${a(63)}`, a(253)]],
  [isDNS1035Label, ['a', 'ab', 'a1', 'a-1', 'a--1--2--b', a(63)]],
  [
    isQualifiedName,
    ['simple', 'now-with-dashes', '1-starts-with-num', '1234', 'simple/simple', '1.2.3.4/5678', 'Uppercase_Is.OK'],
  ],
  [isQualifiedName, [a(63), `${a(253)}/${a(63)}`]],
  [isValidLabelValue, ['', 'simple', '1234', 'end-with-num-1', 'A_b.c', a(63)]],
])('%o takes %j', (rule, values) => {
  for (const value of values) expect(rule(value), value).toEqual([]);
});

test.each([
  [isDNS1123Label, '', [label]],
  [isDNS1123Label, 'A', [label]],
  [isDNS1123Label, '-a', [label]],
  [isDNS1123Label, 'a-', [label]],
  [isDNS1123Label, 'a\n', [label]],
  [isDNS1123Label, 'a_b', [label]],
  [isDNS1123Label, 'é', [label]],
  [isDNS1123Label, 'a.b', ['must not contain dots']],
  [isDNS1123Label, 'a.B', [label]],
  [isDNS1123Label, a(64), ['must be no more than 63 characters']],
  [isDNS1123Label, 'é'.repeat(32), ['must be no more than 63 characters', label]],
  [isDNS1123Subdomain, '', [subdomain]],
  [isDNS1123Subdomain, 'a..b', [subdomain]],
  [isDNS1123Subdomain, '.a', [subdomain]],
  [isDNS1123Subdomain, 'a.', [subdomain]],
  [isDNS1123Subdomain, 'a@b', [subdomain]],
  [isDNS1123Subdomain, a(254), ['must be no more than 253 characters']],
  [isDNS1035Label, '1a', [label1035]],
  [isDNS1035Label, 'a.b', [label1035]],
  [isDNS1035Label, a(64), ['must be no more than 63 characters']],
  [isQualifiedName, '', ['name part must be non-empty', `name part ${keyName}`]],
  [isQualifiedName, '-a', [`name part ${keyName}`]],
  [isQualifiedName, 'a'.repeat(64), ['name part must be no more than 63 bytes']],
  [isQualifiedName, '/a', ['prefix part must be non-empty']],
  [isQualifiedName, 'a/', ['name part must be non-empty', `name part ${keyName}`]],
  [isQualifiedName, 'A/a', [`prefix part ${subdomain}`]],
  [isQualifiedName, `${a(254)}/a`, ['prefix part must be no more than 253 bytes']],
  [
    isQualifiedName,
    'a/b/c',
    [`a valid label key ${keyName} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`],
  ],
  [isValidLabelValue, '-', [labelValue]],
  [isValidLabelValue, 'a b', [labelValue]],
  [isValidLabelValue, a(64), ['must be no more than 63 bytes']],
])('%o says of %j: %j', (rule, value, problems) => {
  expect(rule(value)).toEqual(problems);
});

test.each(['a', 'a-', 'a.', '-'])('300,000 times %j is checked without delay', (piece) => {
  const value = `${piece.repeat(300_000)}!`;
  for (const rule of [isDNS1123Label, isDNS1123Subdomain, isDNS1035Label, isQualifiedName, isValidLabelValue]) {
    expect(rule(value)).not.toEqual([]);
  }
});
