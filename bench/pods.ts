import type { Pod } from '@client-ts/api/core/v1';
import type { ManagedFieldsEntry } from '@client-ts/apimachinery';

const Start = Date.UTC(2026, 0, 1);

/**
 * Pods as a ReplicaSet's are on a real server: some 4.3 kB of JSON each, of which 1.3 kB are managed fields. The same
 * ones in every run.
 */
export function makePods(count: number): Pod[] {
  return [...eachPod(0, count)];
}

/** Those with the numbers from `start` to before `end`, one after the other. */
export function* eachPod(start: number, end: number): Generator<Pod> {
  for (let number = start; number < end; number++) yield makePod(number);
}

function makePod(number: number): Pod {
  const app = `app-${number % 200}`;
  const hash = (number % 200).toString(16).padStart(10, '7d9f8b6c5a');
  const name = `${app}-${hash}-${number.toString(36).padStart(5, '0')}`;
  const time = new Date(Start + number * 1000).toISOString().replace('.000', '');
  const ip = `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
  const node = `node-${number % 500}`;
  const image = `images.example.com/team/${app}:v1.${number % 30}.0`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${app}-${hash}-`,
      namespace: `team-${number % 50}`,
      uid: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
      resourceVersion: String(1000 + number),
      creationTimestamp: time,
      labels: { app, 'pod-template-hash': hash, 'app.kubernetes.io/part-of': 'shop', tier: 'backend' },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', checksum: hash.repeat(4) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: `${app}-${hash}`,
          uid: `00000000-0000-4000-9000-${hash.padStart(12, '0')}`,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFields(hash, ip, time),
    },
    spec: {
      containers: [
        {
          name: 'main',
          image,
          imagePullPolicy: 'IfNotPresent',
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
            { name: 'LOG_LEVEL', value: 'info' },
          ],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
          readinessProbe: {
            httpGet: { path: '/readyz', port: 'http', scheme: 'HTTP' },
            timeoutSeconds: 1,
            periodSeconds: 10,
            successThreshold: 1,
            failureThreshold: 3,
          },
          volumeMounts: [{ name: 'token', readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
      volumes: [
        {
          name: 'token',
          projected: {
            sources: [
              { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
              { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
            ],
            defaultMode: 420,
          },
        },
      ],
      nodeName: node,
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      serviceAccountName: app,
      schedulerName: 'default-scheduler',
      tolerations: ['not-ready', 'unreachable'].map((state) => ({
        key: `node.kubernetes.io/${state}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
    },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: 'True',
        lastTransitionTime: time,
      })),
      hostIP: '192.0.2.17',
      podIP: ip,
      podIPs: [{ ip }],
      startTime: time,
      containerStatuses: [
        {
          name: 'main',
          state: { running: { startedAt: time } },
          ready: true,
          started: true,
          restartCount: 0,
          image,
          imageID: `${image}@sha256:${hash.repeat(6)}`,
          containerID: `containerd://${hash.repeat(6)}`,
        },
      ],
      qosClass: 'Burstable',
    },
  };
}

function managedFields(hash: string, ip: string, time: string): ManagedFieldsEntry[] {
  const container = {
    '.': {},
    'f:image': {},
    'f:imagePullPolicy': {},
    'f:name': {},
    'f:ports': {
      '.': {},
      'k:{"containerPort":8080,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {}, 'f:name': {} },
    },
    'f:readinessProbe': { '.': {}, 'f:failureThreshold': {}, 'f:httpGet': { '.': {}, 'f:path': {}, 'f:port': {} } },
    'f:resources': { '.': {}, 'f:limits': { '.': {}, 'f:memory': {} }, 'f:requests': { '.': {}, 'f:cpu': {} } },
  };
  const owner = `k:{"uid":"00000000-0000-4000-9000-${hash.padStart(12, '0')}"}`;
  const condition = { '.': {}, 'f:lastTransitionTime': {}, 'f:status': {}, 'f:type': {} };
  return [
    {
      manager: 'kube-controller-manager',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:generateName': {},
          'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {}, 'f:tier': {} },
          'f:ownerReferences': { '.': {}, [owner]: {} },
        },
        'f:spec': {
          'f:containers': { 'k:{"name":"main"}': container },
          'f:dnsPolicy': {},
          'f:enableServiceLinks': {},
          'f:restartPolicy': {},
        },
      },
    },
    {
      manager: 'kubelet',
      operation: 'Update',
      apiVersion: 'v1',
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:status': {
          'f:conditions': { 'k:{"type":"ContainersReady"}': condition, 'k:{"type":"Ready"}': condition },
          'f:containerStatuses': {},
          'f:phase': {},
          'f:podIP': {},
          'f:podIPs': { '.': {}, [`k:{"ip":"${ip}"}`]: { '.': {}, 'f:ip': {} } },
        },
      },
      subresource: 'status',
    },
  ];
}
