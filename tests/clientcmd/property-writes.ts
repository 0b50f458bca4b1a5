import { type Kubeconfig, setProperty, unsetProperty } from '@client-ts/clientcmd';
import type { RefusedWrite, WriteCase } from './write-cases.js';

/** `kubectl config set` and `unset`: done by both, with the same outcome. */
export const propertyWrites: readonly WriteCase[] = [
  ...(
    [
      ['current-context', 'absent'],
      ['clusters.one.server', 'https://new'],
      ['clusters.10.0.0.1.server', 'https://new'],
      ['clusters.two.insecure-skip-tls-verify', 'F'],
      ['clusters.files.disable-compression', '1'],
      ['clusters.one.certificate-authority-data', 'aGVsbG8='],
      ['clusters.two.certificate-authority', '../other.crt'],
      ['users.token.password', 'a: b #'],
      ['users.new.tokenFile', 'true'],
      ['contexts.prod.namespace', '0123'],
      ['contexts..namespace', 'n'],
    ] as const
  ).map(([property, value]) => ({
    name: `set ${property}`,
    command: ['set', property, value],
    change: (k: Kubeconfig) => setProperty(k, property, value),
  })),
  ...[
    'current-context',
    'clusters',
    'users.certs',
    'users.absent',
    'users.plugin.exec',
    'users.oidc.auth-provider',
    'users.basic.password',
    'contexts.dev.namespace',
    'contexts.dev.absent',
    'clusters.two.insecure-skip-tls-verify',
  ].map((property) => ({
    name: `unset ${property}`,
    command: ['unset', property],
    change: (k: Kubeconfig) => unsetProperty(k, property),
  })),
];

/** Refused by both, and nothing is written. */
export const refusedProperties: readonly RefusedWrite[] = [
  ...(
    [
      ['clusters', 'x', 'expected a field'],
      ['clusters.one', 'x', 'expected a field'],
      ['clusters.one.absent', 'x', 'expected a field'],
      ['clusters.one.server.x', 'x', 'nothing to choose within server'],
      ['clusters.one.insecure-skip-tls-verify', 'yes', 'expected true or false'],
      ['clusters.one.certificate-authority-data', 'hello', 'expected base64'],
      ['users.token.token', '', 'unsetProperty'],
      ['users.plugin.exec.command', 'x', 'nothing to choose within exec'],
      ['absent', 'x', 'expected current-context'],
      ['', 'x', 'expected current-context'],
    ] as const
  ).map(([property, value, says]) => ({
    name: `set ${property} to ${value}`,
    command: ['set', property, value],
    change: (k: Kubeconfig) => setProperty(k, property, value),
    says,
  })),
  {
    name: 'unset of a field of nobody',
    command: ['unset', 'contexts.absent.namespace'],
    change: (k) => unsetProperty(k, 'contexts.absent.namespace'),
    says: 'context "absent" does not exist',
  },
];
