import { expect } from 'vitest';
import { type Cases, failureOf, table } from '../case.js';
import { sampleDeployment, sampleJob, samplePod } from './samples.js';

export const validationCases: Cases = {
  'Deployment: defaults': async ({ clientset, namespace }) => {
    const { spec } = await clientset.appsV1().deployments(namespace).create(sampleDeployment('a'));
    expect(spec).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
    expect(spec.template.spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      securityContext: {},
    });
  },
  'Pod: defaults': async ({ clientset, namespace }) => {
    const { spec, status } = await clientset.coreV1().pods(namespace).create(samplePod('a'));
    expect(spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      enableServiceLinks: true,
      schedulerName: 'default-scheduler',
    });
    expect(spec?.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: {},
    });
    expect(status).toMatchObject({ phase: 'Pending', qosClass: 'BestEffort' });
  },
  ...table(
    [
      { name: 'Guaranteed', resources: { limits: { cpu: '1', memory: '1Gi' } } },
      { name: 'Burstable', resources: { requests: { cpu: '100m' } } },
      { name: 'BestEffort', resources: {} },
    ].map((row) => ({ ...row, qos: row.name, name: `Pod: ${row.name} by its resources` })),
    async ({ clientset, namespace }, { qos, resources }) => {
      const containers = [{ name: 'main', image: 'busybox', resources }];
      const created = await clientset
        .coreV1()
        .pods(namespace)
        .create({ metadata: { name: 'a' }, spec: { containers } });
      expect(created.status?.qosClass).toBe(qos);
    },
  ),
  'Event: times that nobody gave are null': async ({ raw, namespace }) => {
    const body = { metadata: { name: 'a' }, involvedObject: { namespace, kind: 'Pod', name: 'a' } };
    const { json } = await raw('POST', `/api/v1/namespaces/${namespace}/events`, { body });
    expect(json()).toMatchObject({ eventTime: null, firstTimestamp: null, lastTimestamp: null });
  },
  'Pod: times of conditions that nobody gave are null': async ({ clientset, raw, namespace }) => {
    await clientset.coreV1().pods(namespace).create(samplePod('a'));
    const body = { status: { conditions: [{ type: 'Ready', status: 'True' }] } };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const { json } = await raw('PATCH', `/api/v1/namespaces/${namespace}/pods/a/status`, { body, headers });
    expect(json()).toMatchObject({
      status: { conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: null }] },
    });
  },
  'Job: defaults, and a selector of its own': async ({ clientset, namespace }) => {
    const created = await clientset.batchV1().jobs(namespace).create(sampleJob('a'));
    expect(created.spec).toMatchObject({
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
    });
    expect(created.spec?.selector?.matchLabels).toEqual({
      'batch.kubernetes.io/controller-uid': created.metadata?.uid,
    });
  },
  'CronJob: defaults': async ({ clientset, namespace }) => {
    const spec = { schedule: '*/5 * * * *', jobTemplate: { spec: sampleJob('a').spec ?? { template: {} } } };
    const created = await clientset
      .batchV1()
      .cronJobs(namespace)
      .create({ metadata: { name: 'a' }, spec });
    expect(created.spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
  },
  'Secret: stringData becomes data, the type Opaque': async ({ clientset, namespace }) => {
    const created = await clientset
      .coreV1()
      .secrets(namespace)
      .create({ metadata: { name: 'a' }, stringData: { k: 'v' } });
    expect(created).toMatchObject({ type: 'Opaque', data: { k: 'dg==' } });
    expect(created).not.toHaveProperty('stringData');
  },
  'ServiceAccount, LimitRange and ResourceQuota are stored as they are': async ({ clientset, namespace }) => {
    await clientset
      .coreV1()
      .serviceAccounts(namespace)
      .create({ metadata: { name: 'a' } });
    await clientset
      .coreV1()
      .resourceQuotas(namespace)
      .create({ metadata: { name: 'a' }, spec: { hard: { pods: '10' } } });
    expect((await clientset.coreV1().resourceQuotas(namespace).get('a')).spec?.hard).toEqual({ pods: '10' });
  },
  ...table(
    [
      { name: 'no containers', spec: { containers: [] }, field: 'spec.containers', message: 'Required value' },
      {
        name: 'a container without image',
        spec: { containers: [{ name: 'main' }] },
        field: 'spec.containers[0].image',
        message: 'Required value',
      },
      {
        name: 'a container without name',
        spec: { containers: [{ image: 'busybox' }] },
        field: 'spec.containers[0].name',
        message: 'Required value',
      },
      {
        name: 'a container name that is no label',
        spec: { containers: [{ name: 'No', image: 'x' }] },
        field: 'spec.containers[0].name',
        message: 'Invalid value: "No"',
      },
      {
        name: 'two containers of one name',
        spec: {
          containers: [
            { name: 'a', image: 'x' },
            { name: 'a', image: 'x' },
          ],
        },
        field: 'spec.containers[1].name',
        message: 'Duplicate value: "a"',
      },
      {
        name: 'an unknown restart policy',
        spec: { restartPolicy: 'Sometimes', containers: [{ name: 'a', image: 'x' }] },
        field: 'spec.restartPolicy',
        message: 'Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      },
    ].map((row) => ({ ...row, name: `Pod, Invalid: ${row.name}` })),
    async ({ raw, namespace }, { spec, field, message }) => {
      const body = { metadata: { name: 'a' }, spec };
      const failure = (await raw('POST', `/api/v1/namespaces/${namespace}/pods`, { body })).json();
      expect(failure).toMatchObject({
        code: 422,
        reason: 'Invalid',
        details: { causes: expect.arrayContaining([expect.objectContaining({ field })]) as unknown },
      });
      expect(failure['message']).toContain(`${field}: ${message}`);
    },
  ),
  'Deployment, Invalid: the selector does not match the template': async ({ clientset, namespace }) => {
    const deployment = sampleDeployment('a');
    deployment.spec.selector = { matchLabels: { app: 'other' } };
    const failure = await failureOf(clientset.appsV1().deployments(namespace).create(deployment));
    expect(failure).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.template.metadata.labels' }] } });
    expect(failure.message).toContain('`selector` does not match template `labels`');
  },
  'Deployment, Invalid: replicas below zero': async ({ clientset, namespace }) => {
    const deployment = sampleDeployment('a');
    deployment.spec.replicas = -1;
    const failure = await failureOf(clientset.appsV1().deployments(namespace).create(deployment));
    expect(failure).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.replicas' }] } });
    expect(failure.message).toContain('must be greater than or equal to 0');
  },
  'ConfigMap, Invalid: a key that is no file name': async ({ clientset, namespace }) => {
    const failure = await failureOf(
      clientset
        .coreV1()
        .configMaps(namespace)
        .create({ metadata: { name: 'a' }, data: { 'a/b': 'x' } }),
    );
    expect(failure).toMatchObject({ code: 422, details: { causes: [{ field: 'data[a/b]' }] } });
  },
  'ConfigMap, Invalid: more than 1 MiB': async ({ clientset, namespace }) => {
    const data = { k: 'x'.repeat(1024 * 1024 + 1) };
    const failure = await failureOf(
      clientset
        .coreV1()
        .configMaps(namespace)
        .create({ metadata: { name: 'a' }, data }),
    );
    expect(failure).toMatchObject({ code: 422, details: { causes: [{ reason: 'FieldValueTooLong' }] } });
    expect(failure.message).toContain('may not be more than 1048576 bytes');
  },
  'Secret: what is not base64 is BadRequest': async ({ raw, namespace }) => {
    const body = { metadata: { name: 'a' }, data: { k: '!!' } };
    const { json } = await raw('POST', `/api/v1/namespaces/${namespace}/secrets`, { body });
    expect(json()).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(json()['message']).toContain('illegal base64 data at input byte 0');
  },
  'CronJob, Invalid: a schedule that is none': async ({ clientset, namespace }) => {
    const spec = { schedule: 'often', jobTemplate: { spec: sampleJob('a').spec ?? { template: {} } } };
    const failure = await failureOf(
      clientset
        .batchV1()
        .cronJobs(namespace)
        .create({ metadata: { name: 'a' }, spec }),
    );
    expect(failure).toMatchObject({ code: 422, details: { causes: [{ field: 'spec.schedule' }] } });
  },
  ...table(
    [
      { name: 'a string for a number', body: { spec: { replicas: 'many' } } },
      { name: 'a list for an object', body: { spec: [] } },
      { name: 'a number for a string', body: { metadata: { name: 5 } } },
    ].map((row) => ({ ...row, name: `the wrong JSON type is BadRequest: ${row.name}` })),
    async ({ raw, namespace }, { body }) => {
      const request = { body: { apiVersion: 'apps/v1', kind: 'Deployment', ...body } };
      const { json } = await raw('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, request);
      expect(json()).toMatchObject({ code: 400, reason: 'BadRequest' });
      expect(json()['message']).toContain('Deployment in version "v1" cannot be handled as a Deployment');
    },
  ),
  'fieldValidation=Strict: unknown and duplicate fields are BadRequest': async ({ raw, namespace }) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps?fieldValidation=Strict`;
    const unknown = await raw('POST', path, { body: { metadata: { name: 'a' }, surprise: 1 } });
    expect(unknown.json()).toMatchObject({ code: 400, reason: 'BadRequest' });
    expect(unknown.text).toContain('strict decoding error: unknown field \\"surprise\\"');
    const duplicate = await raw('POST', path, { body: '{"metadata":{"name":"a"},"data":{"k":"1"},"data":{"k":"2"}}' });
    expect(duplicate.json()).toMatchObject({ code: 400 });
    expect(duplicate.text).toContain('duplicate field \\"data\\"');
  },
  'fieldValidation=Warn: unknown fields are warned of, and dropped': async ({ raw, namespace }) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps?fieldValidation=Warn`;
    const { status, warning } = await raw('POST', path, { body: { metadata: { name: 'a' }, surprise: 1 } });
    expect(status).toBe(201);
    expect(warning).toContain('299 - "unknown field \\"surprise\\""');
  },
  'fieldValidation=Ignore: nothing is said': async ({ raw, namespace }) => {
    const path = `/api/v1/namespaces/${namespace}/configmaps?fieldValidation=Ignore`;
    const { status, warning } = await raw('POST', path, { body: { metadata: { name: 'a' }, surprise: 1 } });
    expect([status, warning]).toEqual([201, '']);
  },
};
