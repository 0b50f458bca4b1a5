import { schema } from '@client-ts/api/schema';
import { formatGroupVersion } from '@client-ts/apimachinery';
import { describe, expect, it } from 'vitest';
import { builtInResources } from '../built-in-resources.js';
import type { CheckedObject, ObjectToCheck } from '../object-checker.js';
import { checkBuiltIn } from './built-in-checker.js';
import { container, cronJob, job, object, pod, service, workload } from './rules/sample-objects.test.kit.js';

function check(given: object, more: Partial<ObjectToCheck> = {}): CheckedObject {
  const { apiVersion, kind } = given as { apiVersion: string; kind: string };
  const resource = builtInResources().find(
    (candidate) => candidate.kind === kind && formatGroupVersion(candidate) === apiVersion,
  );
  return checkBuiltIn(schema, resource?.type ?? '', {
    resource: resource!,
    subresource: '',
    operation: 'create',
    object: given,
    fieldValidation: 'Warn',
    ...more,
  });
}

describe('defaults', () => {
  const containerDefaults = {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'Always',
  };
  const podDefaults = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  };

  it.each<[string, object, object]>([
    [
      'Deployment',
      workload('Deployment'),
      {
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
        template: { spec: { ...podDefaults, containers: [{ name: 'c', image: 'i', ...containerDefaults }] } },
      },
    ],
    [
      'StatefulSet',
      workload('StatefulSet', { volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: {} }] }),
      {
        serviceName: '',
        podManagementPolicy: 'OrderedReady',
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: 1 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [
          { kind: 'PersistentVolumeClaim', spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } },
        ],
      },
    ],
    [
      'DaemonSet',
      workload('DaemonSet'),
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } } },
    ],
    ['ReplicaSet', workload('ReplicaSet'), { replicas: 1 }],
    [
      'Job',
      job(),
      {
        parallelism: 1,
        completions: 1,
        backoffLimit: 6,
        completionMode: 'NonIndexed',
        suspend: false,
        podReplacementPolicy: 'TerminatingOrFailed',
      },
    ],
    ['CronJob', cronJob(), { concurrencyPolicy: 'Allow', suspend: false, failedJobsHistoryLimit: 1 }],
    [
      'Service',
      service(),
      {
        type: 'ClusterIP',
        sessionAffinity: 'None',
        internalTrafficPolicy: 'Cluster',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      },
    ],
    [
      'a balanced Service',
      service({ type: 'LoadBalancer' }),
      { externalTrafficPolicy: 'Cluster', allocateLoadBalancerNodePorts: true },
    ],
    [
      'a sticky Service',
      service({ sessionAffinity: 'ClientIP' }),
      { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } },
    ],
    [
      'Pod',
      pod({ serviceAccountName: 'a' }),
      {
        ...podDefaults,
        serviceAccount: 'a',
        enableServiceLinks: true,
      },
    ],
    [
      'Pod on the network of its host',
      pod({ hostNetwork: true, containers: [{ name: 'c', image: 'i', ports: [{ containerPort: 80 }] }] }),
      { containers: [{ ports: [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }] }] },
    ],
    [
      'volumes',
      pod({
        volumes: [
          { name: 'a', secret: { secretName: 's' } },
          { name: 'b' },
          { name: 'c', hostPath: { path: '/' } },
          { name: 'd', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
        ],
      }),
      {
        volumes: [
          { secret: { defaultMode: 420 } },
          { emptyDir: {} },
          { hostPath: { type: '' } },
          { projected: { defaultMode: 420, sources: [{ serviceAccountToken: { expirationSeconds: 3600 } }] } },
        ],
      },
    ],
    [
      'probes',
      container({ livenessProbe: { httpGet: { port: 80 } } }),
      {
        containers: [
          {
            livenessProbe: {
              httpGet: { path: '/', scheme: 'HTTP' },
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
          },
        ],
      },
    ],
  ])('of %s are those of a real server', (_, given, spec) => {
    expect(check(given).object).toMatchObject({ spec });
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['registry:5000/nginx', 'Always'],
    ['registry:5000/nginx:1', 'IfNotPresent'],
    ['nginx@sha256:abc', 'IfNotPresent'],
  ])('pull the image %s %s', (image, imagePullPolicy) => {
    expect(check(container({ image })).object).toMatchObject({ spec: { containers: [{ imagePullPolicy }] } });
  });

  it('do not touch what was given', () => {
    const given = workload('Deployment', { replicas: 0, strategy: { type: 'Recreate' } });
    const { object: checked } = check(given) as { object: { spec?: Record<string, unknown> } };
    expect(checked.spec?.['replicas']).toBe(0);
    expect(checked.spec?.['strategy']).toEqual({ type: 'Recreate' });
  });

  it('ask for what a container is limited to, in pods but not in templates', () => {
    const resources = { limits: { cpu: '1' } };
    const limited = { containers: [{ name: 'c', image: 'i', resources }] };
    expect(check(pod(limited)).object).toMatchObject({
      spec: { containers: [{ resources: { requests: { cpu: '1' } } }] },
    });
    const template = { metadata: { labels: { app: 'x' } }, spec: limited };
    expect(JSON.stringify(check(workload('Deployment', { template })).object)).not.toContain('requests');
  });

  it('turn the text of a Secret into data', () => {
    const { object: secret } = check(object('Secret', { data: { a: 'YQ==' }, stringData: { b: 'ä' } }));
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'w6Q=' } });
    expect(secret).not.toHaveProperty('stringData');
  });

  it('keep what a service was given before', () => {
    const old = service({ clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'] });
    expect(check(service(), { operation: 'update', old }).object).toMatchObject({ spec: { clusterIP: '10.0.0.1' } });
  });
});

describe('reading', () => {
  const deployment = (spec: Record<string, unknown>): object => workload('Deployment', spec);

  it.each<[object, string]>([
    [
      deployment({ replicas: '3' }),
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment({ replicas: 1.5 }),
      'json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment({ replicas: 3e9 }),
      'json: cannot unmarshal number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment({ replicas: {} }),
      'json: cannot unmarshal object into Go struct field DeploymentSpec.spec.replicas of type int32',
    ],
    [
      deployment({ paused: 'x' }),
      'json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool',
    ],
    [
      deployment({ selector: [] }),
      'json: cannot unmarshal array into Go struct field DeploymentSpec.spec.selector of type v1.LabelSelector',
    ],
    [
      deployment({ selector: { matchLabels: { a: 1 } } }),
      'json: cannot unmarshal number into Go struct field LabelSelector.spec.selector.matchLabels of type string',
    ],
    [
      deployment({ selector: { matchLabels: [] } }),
      'json: cannot unmarshal array into Go struct field LabelSelector.spec.selector.matchLabels of type map[string]string',
    ],
    [
      container({ ports: 'x' }),
      'json: cannot unmarshal string into Go struct field Container.spec.containers.ports of type []v1.ContainerPort',
    ],
    [
      container({ command: [1] }),
      'json: cannot unmarshal number into Go struct field Container.spec.containers.command of type string',
    ],
    [
      container({ env: ['x'] }),
      'json: cannot unmarshal string into Go struct field Container.spec.containers.env of type v1.EnvVar',
    ],
    [object('Pod', { spec: [] }), 'json: cannot unmarshal array into Go struct field Pod.spec of type v1.PodSpec'],
    [
      pod({ activeDeadlineSeconds: 1e30 }),
      'json: cannot unmarshal number 1e+30 into Go struct field PodSpec.spec.activeDeadlineSeconds of type int64',
    ],
    [
      object('ConfigMap', { binaryData: { a: 1 } }),
      'json: cannot unmarshal number into Go struct field ConfigMap.binaryData of type []uint8',
    ],
    [object('Secret', { data: { a: '!!' } }), 'illegal base64 data at input byte 0'],
    [object('Secret', { data: { a: 'YQ' } }), 'illegal base64 data at input byte 0'],
    [
      object('Lease', { spec: { renewTime: 'x' } }),
      'parsing time "x" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "x" as "2006"',
    ],
    [
      object('Lease', { spec: { renewTime: 5 } }),
      'json: cannot unmarshal number into Go struct field LeaseSpec.spec.renewTime of type string',
    ],
    [
      container({ resources: { limits: { cpu: 'abc' } } }),
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ],
  ])('refuses what is of another type, in the words of Go: %j', (given, problem) => {
    expect(check(given).decodeError).toBe(problem);
  });

  it('takes null for nothing', () => {
    const { object: checked, causes } = check(deployment({ replicas: null, paused: null }));
    expect(causes).toEqual([]);
    expect(checked).toMatchObject({ spec: { replicas: 1 } });
  });

  it('drops unknown fields, and tells where they were', () => {
    const given = { ...container({ foo: 1 }), bar: 2 };
    const { object: checked, warnings, strictErrors } = check(given);
    expect(strictErrors).toEqual(['unknown field "spec.containers[0].foo"', 'unknown field "bar"']);
    expect(warnings).toEqual(strictErrors);
    expect(JSON.stringify(checked)).not.toMatch(/foo|bar/);
  });

  it('tells of duplicate fields only where the text can be seen', () => {
    const text = '{"data":{"a":"1","a":"2"}}';
    expect(check(object('ConfigMap'), { text }).warnings).toEqual(['duplicate field "data.a"']);
    expect(check(object('ConfigMap')).warnings).toEqual([]);
  });

  it.each(['Ignore', 'Strict'] as const)('does not warn with %s', (fieldValidation) => {
    const given = { ...object('ConfigMap'), foo: 1 };
    expect(check(given, { fieldValidation, text: '{"a":1,"a":2}' }).warnings).toEqual([]);
  });

  it('takes hostile names for names', () => {
    const given = JSON.parse('{"apiVersion":"v1","kind":"ConfigMap","data":{"__proto__":"x"},"__proto__":1}') as object;
    const { object: checked, strictErrors } = check(given);
    expect(Object.hasOwn((checked as { data: object }).data, '__proto__')).toBe(true);
    expect(strictErrors).toEqual(['unknown field "__proto__"']);
  });

  it('leaves the status to those who write it', () => {
    expect(check({ ...pod(), status: { phase: 'Nonsense', conditions: [{ type: '' }] } }).causes).toEqual([]);
    expect(check(object('Pod'), { subresource: 'status', operation: 'update', old: pod() }).causes).toEqual([]);
  });
});
