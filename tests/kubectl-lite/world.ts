import type { KubernetesObject, Unstructured } from '@client-ts/apimachinery';

/** Whose objects have a table of their own, with all that a server may put into one. */
export const gadgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.lite.example.com' },
  spec: {
    group: 'lite.example.com',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', shortNames: ['gd'], categories: ['toys'] },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description:
              'A thing that does one thing.\n\nIt has a second paragraph, which is long enough to be wrapped twice: once behind this, and once more, at the very end of all.',
            properties: {
              spec: {
                type: 'object',
                required: ['mode'],
                properties: {
                  mode: { type: 'string', enum: ['', 'a', 'b', 'c', 'd'], description: 'What it does.' },
                  replicas: { type: 'integer', format: 'int32' },
                  ratio: { type: 'number' },
                  text: { type: 'string' },
                  tags: { type: 'array', items: { type: 'string' } },
                },
              },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
        subresources: {
          status: {},
          scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
        },
        additionalPrinterColumns: [
          { name: 'Mode', type: 'string', jsonPath: '.spec.mode' },
          { name: 'Replicas', type: 'integer', jsonPath: '.spec.replicas', description: 'How many.' },
          { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
          { name: 'Text', type: 'string', jsonPath: '.spec.text' },
          { name: 'Tags', type: 'string', jsonPath: '.spec.tags', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
};

/** What takes a terminal for a ride, and what is merely wide. */
const hostile = {
  escape: '\u001b[31mred\u001b[0m',
  lines: 'first line\nsecond line, which is rather long',
  carriage: 'safe\rmalicious',
  feed: 'one\ftwo',
  wide: 'Köln 🚀 grüßt',
};

/** Objects of one namespace, with a status where one has been set. */
export function objectsOf(namespace: string): Unstructured[] {
  const named = (name: string, more: object = {}): object => ({ name, namespace, ...more });
  const template = {
    metadata: { labels: { app: 'shop' } },
    spec: { containers: [{ name: 'main', image: 'nginx:1', resources: { requests: { memory: '64Mi' } } }] },
  };
  const selector = { matchLabels: { app: 'shop' } };
  const gadget = (name: string, spec: object): object => ({
    apiVersion: 'lite.example.com/v1',
    kind: 'Gadget',
    metadata: named(name),
    spec: { mode: 'a', ...spec },
  });
  return [
    ...['web', 'api', 'db-0'].map((name, i) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: named(name, {
        labels: { app: name, 'example.com/tier': ['front', 'middle', 'back'][i] },
        annotations: {
          'example.com/note':
            'a "quoted" <note>, with a line\nbreak and a long tail that goes on and on until it is wrapped by those who wrap',
        },
      }),
      spec: { ...template.spec, ...(i === 0 ? { nodeName: 'node-1' } : {}), terminationGracePeriodSeconds: 0 },
      ...(i === 0
        ? {
            status: {
              phase: 'Running',
              podIP: '10.1.2.3',
              podIPs: [{ ip: '10.1.2.3' }],
              conditions: [
                { type: 'Ready', status: 'True', lastTransitionTime: '2020-01-01T00:00:00Z' },
                { type: 'PodScheduled', status: 'False', reason: 'Nowhere' },
              ],
              containerStatuses: [
                {
                  name: 'main',
                  image: 'nginx:1',
                  imageID: 'x',
                  ready: true,
                  restartCount: 3,
                  state: { running: { startedAt: '2020-01-01T00:00:00Z' } },
                },
              ],
            },
          }
        : {}),
    })),
    ...['shop', 'idle'].map((name, i) => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: named(name, { labels: { app: 'shop' } }),
      spec: { replicas: 3 - i, selector, template },
      status: {
        replicas: 3 - i,
        readyReplicas: 1,
        availableReplicas: 1,
        conditions: [{ type: 'Available', status: 'True' }],
      },
    })),
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: named('shop-1'), spec: { replicas: 2, selector, template } },
    {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: named('db'),
      spec: { replicas: 1, serviceName: 'db', selector, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: named('shop', { labels: { app: 'shop' } }),
      spec: { type: 'ExternalName', externalName: 'shop.example.com' },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: named('settings', { labels: { app: 'shop' } }),
      data: { mode: 'fast', html: '<b>&</b>', number: '12', ...hostile },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: named('empty') },
    { apiVersion: 'v1', kind: 'Secret', metadata: named('password'), type: 'Opaque', data: { value: 'c2VjcmV0' } },
    { apiVersion: 'v1', kind: 'Endpoints', metadata: named('old') },
    {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: named('nightly'),
      spec: {
        schedule: '0 3 * * *',
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: 'Never' } } } },
      },
    },
    gadget('plain', { replicas: 2, ratio: 0.5, tags: ['x', 'y'] }),
    gadget('small', { replicas: 10, ratio: 1e-7 }),
    ...Object.entries(hostile).map(([name, text]) => gadget(name, { text })),
  ] as Unstructured[];
}

/** What is in no namespace. */
export const clusterObjects: readonly KubernetesObject[] = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1', labels: { zone: 'a' } } },
  {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { capacity: { storage: '10Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } },
  } as KubernetesObject,
];
