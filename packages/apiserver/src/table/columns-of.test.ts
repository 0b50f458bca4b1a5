import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../built-in-resources.js';
import type { PrinterColumn, ServedResource } from '../resource-registry.js';
import { columnsOf } from './columns-of.js';

const now = Date.parse('2026-01-01T01:00:00Z');
const metadata = { name: 'x', creationTimestamp: '2026-01-01T00:00:00Z' };

function resourceOf(kind: string): ServedResource {
  const found = builtInResources().find((resource) => resource.kind === kind && resource.verbs.includes('get'));
  if (!found) throw new Error(`no resource for ${kind}`);
  return found;
}

/** The cells of an object by the names of their columns. */
function cells(kind: string, fields: object): Record<string, unknown> {
  const object: KubernetesObject = { metadata, ...fields };
  return Object.fromEntries(columnsOf(resourceOf(kind)).map((column) => [column.name, column.cell(object, now)]));
}

const template = {
  metadata: { labels: { app: 'x' } },
  spec: {
    containers: [
      { name: 'a', image: 'i' },
      { name: 'b', image: 'j' },
    ],
    nodeSelector: { b: '2', a: '1' },
  },
};
const selector = { matchLabels: { app: 'x' }, matchExpressions: [{ key: 't', operator: 'Exists' }] };
const wide = { Containers: 'a,b', Images: 'i,j', Selector: 'app=x,t' };

// What a real server prints.
it.each<[string, object, Record<string, unknown>]>([
  [
    'Deployment',
    {
      spec: { replicas: 3, template, selector },
      status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
    },
    { Name: 'x', Ready: '1/3', 'Up-to-date': 2, Available: 1, Age: '60m', ...wide },
  ],
  [
    'ReplicaSet',
    { spec: { replicas: 3, template, selector }, status: { replicas: 2, readyReplicas: 1 } },
    { Name: 'x', Desired: 3, Current: 2, Ready: 1, Age: '60m', ...wide },
  ],
  [
    'ReplicationController',
    { spec: { replicas: 1, template, selector: { app: 'x' } } },
    { Desired: 1, Current: 0, Ready: 0, Selector: 'app=x' },
  ],
  ['StatefulSet', { spec: { replicas: 2, template, selector } }, { Ready: '0/2', Containers: 'a,b' }],
  [
    'DaemonSet',
    { spec: { template, selector }, status: { desiredNumberScheduled: 3, currentNumberScheduled: 2, numberReady: 1 } },
    { Desired: 3, Current: 2, Ready: 1, 'Up-to-date': 0, Available: 0, 'Node Selector': 'a=1,b=2', ...wide },
  ],
  [
    'Job',
    {
      spec: { completions: 3, template, selector },
      status: { succeeded: 1, startTime: '2026-01-01T00:58:00Z' },
    },
    { Status: 'Running', Completions: '1/3', Duration: '2m', Age: '60m', ...wide },
  ],
  [
    'Job',
    {
      spec: { parallelism: 5, template },
      status: {
        startTime: '2026-01-01T00:00:00Z',
        completionTime: '2026-01-01T00:00:07Z',
        conditions: [{ type: 'Complete', status: 'True' }],
      },
    },
    { Status: 'Complete', Completions: '0/1 of 5', Duration: '7s', Selector: '<none>' },
  ],
  [
    'CronJob',
    {
      spec: { schedule: '* * * * *', suspend: false, jobTemplate: { spec: { template, selector } } },
      status: { active: [{}], lastScheduleTime: '2026-01-01T00:59:00Z' },
    },
    { Schedule: '* * * * *', Timezone: '<none>', Suspend: 'False', Active: 1, 'Last Schedule': '60s', ...wide },
  ],
  [
    'Service',
    {
      spec: {
        type: 'ClusterIP',
        clusterIPs: ['10.0.0.1'],
        ports: [{ port: 80, protocol: 'TCP' }],
        selector: { a: 'b' },
      },
    },
    { Type: 'ClusterIP', 'Cluster-IP': '10.0.0.1', 'External-IP': '<none>', 'Port(s)': '80/TCP', Selector: 'a=b' },
  ],
  [
    'Service',
    { spec: { type: 'NodePort', externalIPs: ['1.2.3.4'], ports: [{ port: 80, nodePort: 30_000, protocol: 'TCP' }] } },
    { 'Cluster-IP': '<none>', 'External-IP': '1.2.3.4', 'Port(s)': '80:30000/TCP', Selector: '<none>' },
  ],
  ['Service', { spec: { type: 'LoadBalancer' } }, { 'External-IP': '<pending>', 'Port(s)': '<none>' }],
  [
    'Service',
    { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ hostname: 'b' }, { ip: 'a' }] } } },
    { 'External-IP': 'a,b' },
  ],
  ['Service', { spec: { type: 'ExternalName', externalName: 'x.y' } }, { 'External-IP': 'x.y' }],
  [
    'Endpoints',
    { subsets: [{ addresses: ['1', '2', '3', '4', '5'].map((ip) => ({ ip })), ports: [{ port: 80 }] }] },
    { Endpoints: '1:80,2:80,3:80 + 2 more...' },
  ],
  ['Endpoints', { subsets: [{ addresses: [{ ip: '::1' }], ports: [{ port: 80 }] }] }, { Endpoints: '[::1]:80' }],
  ['Endpoints', {}, { Endpoints: '<none>' }],
  [
    'Node',
    {
      metadata: { ...metadata, labels: { 'node-role.kubernetes.io/worker': '', 'kubernetes.io/role': 'edge' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '10.1.1.1' }],
        nodeInfo: { kubeletVersion: 'v1.37.2', kernelVersion: '6.1', architecture: 'arm64' },
      },
    },
    {
      Status: 'Ready,SchedulingDisabled',
      Roles: 'edge,worker',
      Version: 'v1.37.2',
      'Internal-IP': '10.1.1.1',
      'External-IP': '<none>',
      'OS-Image': '<unknown>',
      'Kernel-Version': '6.1 (arm64)',
    },
  ],
  ['Node', {}, { Status: 'Unknown', Roles: '<none>', Version: '' }],
  [
    'Event',
    {
      type: 'Warning',
      reason: 'Failed',
      message: ' it failed \n',
      involvedObject: { kind: 'Pod', name: 'a', fieldPath: 'spec' },
      source: { component: 'kubelet', host: 'n' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      lastTimestamp: '2026-01-01T00:50:00Z',
      count: 3,
    },
    {
      'Last Seen': '10m',
      Object: 'pod/a',
      Subobject: 'spec',
      Source: 'kubelet, n',
      Message: 'it failed',
      'First Seen': '60m',
      Count: 3,
    },
  ],
  [
    'Event',
    { eventTime: '2026-01-01T00:59:00.000000Z', reportingComponent: 'scheduler', involvedObject: { kind: 'Node' } },
    { 'Last Seen': '60s', 'First Seen': '60s', Object: 'node', Source: 'scheduler', Count: 1 },
  ],
  ['Event', { series: { count: 9, lastObservedTime: '2026-01-01T00:59:30.0Z' } }, { 'Last Seen': '30s', Count: 9 }],
  ['ConfigMap', { data: { a: '1' }, binaryData: { b: 'YQ==' } }, { Data: 2, Age: '60m' }],
  ['Secret', { type: 'Opaque', data: { a: '' } }, { Type: 'Opaque', Data: 1 }],
  ['Namespace', { status: { phase: 'Active' } }, { Status: 'Active' }],
  ['Lease', { spec: { holderIdentity: 'me' } }, { Holder: 'me' }],
  ['ServiceAccount', {}, { Name: 'x', Age: '60m' }],
  [
    'ResourceQuota',
    { status: { hard: { pods: '10', 'limits.cpu': '2' }, used: { pods: '1' } } },
    { Request: 'pods: 1/10', Limit: 'limits.cpu: 0/2' },
  ],
  [
    'PersistentVolumeClaim',
    {
      spec: { volumeName: 'v', storageClassName: 'fast', volumeMode: 'Filesystem' },
      status: { phase: 'Bound', capacity: { storage: '1Gi' }, accessModes: ['ReadWriteMany', 'ReadWriteOnce'] },
    },
    { Status: 'Bound', Volume: 'v', Capacity: '1Gi', 'Access Modes': 'RWO,RWX', StorageClass: 'fast' },
  ],
  [
    'PersistentVolume',
    {
      metadata: { ...metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
      spec: { capacity: { storage: '1Gi' }, claimRef: { namespace: 'a', name: 'b' } },
    },
    { Capacity: '1Gi', Status: 'Terminating', Claim: 'a/b', VolumeAttributesClass: '<unset>' },
  ],
  ['PodTemplate', { template }, { Containers: 'a,b', Images: 'i,j', 'Pod Labels': 'app=x' }],
  [
    'ControllerRevision',
    {
      revision: 4,
      metadata: {
        ...metadata,
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'u', controller: true }],
      },
    },
    { Controller: 'daemonset.apps/d', Revision: 4 },
  ],
  [
    'CustomResourceDefinition',
    {
      spec: {
        group: 'example.com',
        scope: 'Cluster',
        names: { kind: 'Thing', shortNames: ['a', 'b'] },
        versions: [
          { name: 'v2', served: true, storage: false },
          { name: 'v1', served: true, storage: true },
          { name: 'v0', served: false, storage: false },
        ],
      },
      status: { conditions: [{ type: 'Established', status: 'True' }] },
    },
    { Scope: 'Cluster', Versions: 'v1(storage),v2', 'Created At': metadata.creationTimestamp, Established: true },
  ],
  ['LimitRange', {}, { Name: 'x', 'Created At': metadata.creationTimestamp }],
])('%s: %#', (kind, fields, expected) => {
  expect(cells(kind, fields)).toMatchObject(expected);
});

it.each(builtInResources().filter(({ verbs }) => verbs.includes('get')))(
  'shows $kind even when it has nothing but a name',
  ({ kind }) => {
    expect(() => cells(kind, {})).not.toThrow();
    expect(columnsOf(resourceOf(kind)).some(({ format }) => format === 'name')).toBe(true);
  },
);

describe('a custom resource', () => {
  function custom(...printerColumns: PrinterColumn[]): ServedResource {
    const facts = { preserveUnknownFields: false, selectableFields: [], storageVersion: 'v1' };
    return { ...resourceOf('ConfigMap'), group: 'example.com', custom: { ...facts, printerColumns } };
  }

  it.each<[string, unknown, unknown]>([
    ['string', 'a', 'a'],
    ['string', 5, '5'],
    ['string', null, ''],
    ['string', { a: [1] }, '{"a":[1]}'],
    ['string', undefined, null],
    ['integer', 5, 5],
    ['integer', 5.7, 5],
    ['integer', '5', null],
    ['number', 5.5, 5.5],
    ['boolean', true, true],
    ['boolean', 'true', null],
    ['date', '2026-01-01T00:00:00Z', '60m'],
    ['date', 'nonsense', '<invalid>'],
    ['date', 5, null],
    ['unheard-of', 'a', null],
  ])('shows in a column of type %s for %j: %j', (type, value, cell) => {
    const [, column] = columnsOf(custom({ name: 'C', type, jsonPath: '.spec.value' }));
    expect(column?.cell({ spec: { value } } as KubernetesObject, now)).toEqual(cell);
  });

  it('has its age where its CRD says nothing', () => {
    const columns = columnsOf(custom());
    expect(columns.map(({ name, type }) => [name, type])).toEqual([
      ['Name', 'string'],
      ['Age', 'date'],
    ]);
    expect(columns[1]?.cell({ metadata }, now)).toBe('60m');
  });

  it('describes its columns', () => {
    const [, own, none] = columnsOf(
      custom(
        { name: 'A', type: 'string', jsonPath: '.a', description: 'An A.', priority: 1, format: 'password' },
        { name: 'B', type: 'string', jsonPath: '.b' },
      ),
    );
    expect(own).toMatchObject({ description: 'An A.', priority: 1, format: 'password' });
    expect(none?.description).toBe('Custom resource definition column (in JSONPath format): .b');
  });
});

it('shows a Scale, whatever it scales', () => {
  const columns = columnsOf(resourceOf('Deployment'), 'Scale');
  const scale = { metadata, spec: { replicas: 3 }, status: { replicas: 1 } };
  expect(columns.map((column) => column.cell(scale, now))).toEqual(['x', 3, 1, '60m']);
});
