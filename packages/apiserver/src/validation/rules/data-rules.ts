import type { StatusCause } from '@client-ts/apimachinery/errors';
import { invalid, required, tooLong } from '../../rules/causes.js';
import { type Fields, fieldsAt, textAt } from '../json-fields.js';
import type { Rule } from './rule.js';

const MaxKeyLength = 253;
/** As much as an object in etcd may have. */
const MaxDataBytes = 1024 * 1024;

/** Keys that a Secret of a type has to have. */
const SecretKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** Rules of ConfigMaps, Secrets and Leases, by type. */
export const DataRules: Readonly<Record<string, Rule>> = {
  'coordination.v1.LeaseSpec': ({ leaseDurationSeconds, leaseTransitions }, path) => [
    ...(typeof leaseDurationSeconds === 'number' && leaseDurationSeconds <= 0
      ? [invalid(`${path}.leaseDurationSeconds`, leaseDurationSeconds, 'must be greater than 0')]
      : []),
    ...(typeof leaseTransitions === 'number' && leaseTransitions < 0
      ? [invalid(`${path}.leaseTransitions`, leaseTransitions, 'must be greater than or equal to 0')]
      : []),
  ],
  'core.v1.ConfigMap': (map) => {
    const { data, binaryData } = { data: fieldsAt(map, 'data'), binaryData: fieldsAt(map, 'binaryData') };
    const twice = Object.keys(data).filter((key) => Object.hasOwn(binaryData, key));
    return [
      ...keyProblems(data, 'data'),
      ...twice.map((key) => invalid(`data[${key}]`, key, 'duplicate of key present in binaryData')),
      ...keyProblems(binaryData, 'binaryData'),
      ...sizeProblems({ ...binaryData, ...data }, ''),
    ];
  },
  'core.v1.Secret': (secret) => {
    const data = fieldsAt(secret, 'data');
    return [...keyProblems(data, 'data'), ...sizeProblems(data, 'data'), ...secretKeyProblems(secret, data)];
  },
};

function keyProblems(data: Fields, field: string): StatusCause[] {
  return Object.keys(data).flatMap((key) =>
    keyProblem(key).map((problem) => invalid(`${field}[${key}]`, key, problem)),
  );
}

function keyProblem(key: string): string[] {
  const problems = key.length > MaxKeyLength ? [`must be no more than ${MaxKeyLength} bytes`] : [];
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) {
    problems.push(
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
    );
  }
  if (key === '.') problems.push("must not be '.'");
  if (key === '..') problems.push("must not be '..'");
  else if (key.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

function sizeProblems(data: Fields, field: string): StatusCause[] {
  const size = Object.values(data).reduce<number>((sum, value) => sum + String(value).length, 0);
  return size > MaxDataBytes ? [tooLong(field, MaxDataBytes)] : [];
}

function secretKeyProblems(secret: Fields, data: Fields): StatusCause[] {
  const type = textAt(secret, 'type');
  const missing = (SecretKeys[type] ?? []).filter((key) => !Object.hasOwn(data, key));
  if (type === 'kubernetes.io/basic-auth' && data['username'] === undefined && data['password'] === undefined) {
    return [required('data[username]'), required('data[password]')];
  }
  return missing.map((key) => required(`data[${key}]`));
}
