import { expect, it } from 'vitest';
import { problemsOf, object } from './sample-objects.test.kit.js';

// What a real server answers, without the examples at the end of a message.
it.each<[object, string[]]>([
  [
    object('ConfigMap', { data: { 'a b': 'x' } }),
    ["data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.'"],
  ],
  [
    object('ConfigMap', { data: { a: 'x' }, binaryData: { a: 'YQ==' } }),
    ['data[a]: Invalid value: "a": duplicate of key present in binaryData'],
  ],
  [object('ConfigMap', { data: { '..': 'x' } }), ['data[..]: Invalid value: "..": must not be \'..\'']],
  [
    object('Secret', { data: { 'a b': 'YQ==' } }),
    ["data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.'"],
  ],
  [object('Secret', { type: 'kubernetes.io/tls' }), ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
  [object('Secret', { type: 'kubernetes.io/dockerconfigjson' }), ['data[.dockerconfigjson]: Required value']],
  [
    object('Secret', { stringData: { 'a b': 'x' } }),
    ["data[a b]: Invalid value: \"a b\": a valid config key must consist of alphanumeric characters, '-', '_' or '.'"],
  ],
  [
    object('Secret', { type: 'kubernetes.io/basic-auth' }),
    ['data[username]: Required value', 'data[password]: Required value'],
  ],
  [
    object('Lease', { spec: { leaseDurationSeconds: 0 } }),
    ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
  ],
  [
    object('Lease', { spec: { leaseTransitions: -1 } }),
    ['spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0'],
  ],
  [object('Lease', { spec: { holderIdentity: '' } }), []],
])('ConfigMaps, Secrets and Leases: %j', (object, problems) => {
  expect(problemsOf(object)).toEqual(problems);
});
