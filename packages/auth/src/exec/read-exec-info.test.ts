import { describe, expect, test } from 'vitest';
import { execInfo } from './exec-info.js';
import { readExecInfo } from './read-exec-info.js';

const apiVersion = 'client.authentication.k8s.io/v1';
const read = (text: string | undefined): object => readExecInfo({ KUBERNETES_EXEC_INFO: text });

describe('readExecInfo reads', () => {
  test('what a plugin is told without a cluster', () => {
    expect(read(execInfo(apiVersion, true))).toEqual({ apiVersion, interactive: true });
  });

  test('what a plugin is told of its cluster, and how to reach it', () => {
    const cluster = {
      server: 'https://one',
      'certificate-authority-data': Buffer.from('PEM').toString('base64'),
      'tls-server-name': 'two',
      'insecure-skip-tls-verify': true,
      'proxy-url': 'http://proxy',
      config: { audience: 'a' },
    };
    expect(read(execInfo(apiVersion, false, cluster))).toEqual({
      apiVersion,
      interactive: false,
      cluster,
      config: {
        host: 'https://one',
        tls: { ca: 'PEM', serverName: 'two', insecure: true },
        proxyUrl: 'http://proxy',
      },
    });
  });

  test('a cluster of which there is nothing else to tell', () => {
    expect(read(execInfo(apiVersion, false, { server: 'https://one' }))).toMatchObject({
      config: { host: 'https://one' },
    });
  });
});

test.each([
  [undefined, 'not set'],
  ['', 'not set'],
  ['{', 'expected JSON'],
  ['[]', 'KUBERNETES_EXEC_INFO: expected an object'],
  ['{}', 'kind: expected ExecCredential'],
  ['{"kind":"ExecCredential","apiVersion":"v1"}', 'apiVersion: expected one of client.authentication.k8s.io'],
  [`{"kind":"ExecCredential","apiVersion":"${apiVersion}","spec":5}`, 'spec: expected an object'],
  [`{"kind":"ExecCredential","apiVersion":"${apiVersion}","spec":{"cluster":[]}}`, 'spec.cluster: expected an object'],
  [
    `{"kind":"ExecCredential","apiVersion":"${apiVersion}","spec":{"cluster":{}}}`,
    'spec.cluster.server: expected a string',
  ],
  [
    `{"kind":"ExecCredential","apiVersion":"${apiVersion}","spec":{"cluster":{"server":"s","proxy-url":5}}}`,
    'spec.cluster.proxy-url: expected a string',
  ],
])('%s is refused', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
