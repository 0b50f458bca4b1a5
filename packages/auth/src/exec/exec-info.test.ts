import { expect, test } from 'vitest';
import { execInfo } from './exec-info.js';

const apiVersion = 'client.authentication.k8s.io/v1';

test('without a cluster, it tells of standard input alone', () => {
  expect(JSON.parse(execInfo(apiVersion, true))).toEqual({
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: true },
  });
});

test('of a cluster, it tells what is set', () => {
  const cluster = {
    server: 'https://one',
    'tls-server-name': 'two',
    'insecure-skip-tls-verify': false,
    'certificate-authority-data': 'TUE=',
    'proxy-url': '',
    config: { audience: 'a' },
  };
  expect(JSON.parse(execInfo(apiVersion, false, cluster))).toMatchObject({
    spec: {
      cluster: {
        server: 'https://one',
        'tls-server-name': 'two',
        'certificate-authority-data': 'TUE=',
        config: { audience: 'a' },
      },
      interactive: false,
    },
  });
  expect(execInfo(apiVersion, false, cluster)).not.toMatch(/insecure|proxy/);
});
