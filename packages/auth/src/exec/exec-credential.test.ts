import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { stringifyYaml } from '@client-ts/serializer/yaml';
import { parseExecCredential } from './exec-credential.js';

const Secret = 'do-not-print-me';
const apiVersion = 'client.authentication.k8s.io/v1';
const fixture = (name: string): string => readFileSync(new URL(`../testdata/${name}`, import.meta.url), 'utf8');
const [cert, key] = [fixture('client.cert.pem'), fixture('client.key.pem')];

const printed = (status: unknown, rest: object = {}): string =>
  JSON.stringify({ kind: 'ExecCredential', apiVersion, status, ...rest });

describe('parseExecCredential reads', () => {
  test.each<[string, string, object]>([
    ['a token', printed({ token: 't' }), { token: 't' }],
    ['a token among white space', `\n ${printed({ token: 't' })}\n`, { token: 't' }],
    [
      'when it expires',
      printed({ token: 't', expirationTimestamp: '2020-01-01T00:00:10Z' }),
      { token: 't', expiresAt: Date.UTC(2020, 0, 1, 0, 0, 10) },
    ],
    [
      'an expiry in another time zone, with fractions',
      printed({ token: 't', expirationTimestamp: '2020-01-01T02:00:10.500+02:00' }),
      { token: 't', expiresAt: Date.UTC(2020, 0, 1, 0, 0, 10, 500) },
    ],
    ['nulls as absent', printed({ token: 't', expirationTimestamp: null, clientKeyData: null }), { token: 't' }],
    ['a certificate', printed({ clientCertificateData: cert, clientKeyData: key }), { cert, key }],
    ['both', printed({ token: 't', clientCertificateData: cert, clientKeyData: key }), { token: 't', cert, key }],
    [
      'past what nobody knows',
      printed({ token: 't', future: 1 }, { spec: {}, __proto__: { status: {} } }),
      { token: 't' },
    ],
    [
      'YAML',
      `# signed in\napiVersion: ${apiVersion}\nkind: ExecCredential\nstatus:\n  token: t\n  expirationTimestamp: 2020-01-01T00:00:10Z\n`,
      { token: 't', expiresAt: Date.UTC(2020, 0, 1, 0, 0, 10) },
    ],
    [
      'a certificate in YAML',
      stringifyYaml({
        kind: 'ExecCredential',
        apiVersion,
        status: { clientCertificateData: cert, clientKeyData: key },
      }),
      { cert, key },
    ],
  ])('%s', async (_, stdout, credential) => {
    expect(await parseExecCredential(stdout, apiVersion)).toEqual(credential);
  });
});

describe('parseExecCredential refuses', () => {
  test.each<[string, string, string]>([
    ['nothing', ' \n', 'expected an ExecCredential, got nothing'],
    ['a word', Secret, 'expected an ExecCredential'],
    ['JSON that does not end', `{"token": "${Secret}"`, 'expected JSON'],
    ['YAML that is none', `a: [\n${Secret}`, 'expected JSON or YAML: line 2, column '],
    ['YAML in braces', `{ kind: ExecCredential, apiVersion: '${apiVersion}' }`, 'expected JSON'],
    ['JSON with something behind it', `${printed({ token: Secret })} x`, 'expected JSON'],
    ['a list', JSON.stringify([Secret]), 'expected an ExecCredential'],
    [
      'no kind',
      JSON.stringify({ apiVersion, status: { token: Secret } }),
      'kind: expected ExecCredential, got nothing',
    ],
    ['another kind', printed({ token: Secret }, { kind: 'Secret' }), 'kind: expected ExecCredential, got Secret'],
    [
      'a kind that could be anything',
      printed({}, { kind: Secret }),
      'kind: expected ExecCredential, got something else',
    ],
    [
      'another version',
      printed({ token: Secret }, { apiVersion: 'client.authentication.k8s.io/v1beta1' }),
      'apiVersion: expected client.authentication.k8s.io/v1, got client.authentication.k8s.io/v1beta1',
    ],
    [
      'a version that is none',
      printed({ token: Secret }, { apiVersion: Secret }),
      'apiVersion: expected client.authentication.k8s.io/v1, got something else',
    ],
    ['no status', printed(undefined), 'status: missing'],
    ['a status that is no object', printed(Secret), 'status: expected an object'],
    ['an empty status', printed({}), 'status: expected a token, or clientCertificateData and clientKeyData'],
    ['a token that is no string', printed({ token: { [Secret]: 1 } }), 'status.token: expected a string'],
    ['a token with a line break', printed({ token: `${Secret}\n` }), 'status.token: contains a control character'],
    [
      'a certificate alone',
      printed({ clientCertificateData: Secret }),
      'status.clientCertificateData: set without clientKeyData',
    ],
    ['a key alone', printed({ clientKeyData: Secret }), 'status.clientKeyData: set without clientCertificateData'],
    [
      'base64 where PEM belongs',
      printed({ clientCertificateData: btoa(cert), clientKeyData: Secret }),
      'status.clientCertificateData: expected PEM',
    ],
    [
      'a key that is none',
      printed({ clientCertificateData: cert, clientKeyData: Secret }),
      'status.clientKeyData: expected PEM',
    ],
    [
      'a damaged key',
      printed({ clientCertificateData: cert, clientKeyData: `-----BEGIN PRIVATE KEY-----\n${Secret}\n` }),
      'status.clientCertificateData and status.clientKeyData cannot be used: ',
    ],
    [
      'a date alone',
      printed({ token: Secret, expirationTimestamp: '2020-01-01' }),
      'status.expirationTimestamp: expected a time as in RFC 3339',
    ],
    [
      'a time that does not exist',
      printed({ token: Secret, expirationTimestamp: '2020-13-01T00:00:00Z' }),
      'status.expirationTimestamp: expected a time as in RFC 3339',
    ],
    [
      'a time as a number',
      printed({ token: Secret, expirationTimestamp: 1577836800 }),
      'status.expirationTimestamp: expected a time as in RFC 3339',
    ],
  ])('%s', async (_, stdout, message) => {
    const error = await parseExecCredential(stdout, apiVersion).then(String, (error: Error) => error);
    if (typeof error === 'string') throw new Error('it was taken');
    expect(error).toMatchObject({ name: 'TypeError', message: expect.stringContaining(message) as string });
    expect(`${error.message} ${String(error.cause)}`).not.toContain(Secret);
  });
});
