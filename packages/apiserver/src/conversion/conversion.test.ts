import type { KubernetesObject } from '@client-ts/apimachinery';
import { describe, expect, test } from 'vitest';
import type { ServedResource } from '../resource-registry.js';
import { converts, fromStorage, toStorage } from './conversion.js';

function resource(group: string, version: string, name: string, kind: string): ServedResource {
  const rest = { singular: '', listKind: `${kind}List`, verbs: [], shortNames: [], categories: [], served: [] };
  return { group, version, resource: name, kind, scope: 'Namespaced', ...rest };
}

const coreEvents = resource('', 'v1', 'events', 'Event');
const events = resource('events.k8s.io', 'v1', 'events', 'Event');
const autoscalersV1 = resource('autoscaling', 'v1', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler');
const autoscalersV2 = resource('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler');

describe('events', () => {
  const stored = {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: { name: 'e' },
    involvedObject: { kind: 'Pod', name: 'p' },
    message: 'M',
    source: { component: 'c' },
    reportingComponent: 'r',
    firstTimestamp: null,
    lastTimestamp: '2020-01-01T00:00:00Z',
    count: 3,
    reason: 'R',
  } as KubernetesObject;

  test('are shown under the names of events.k8s.io, and come back the same', () => {
    const shown = fromStorage(events, stored);
    expect(shown).toEqual({
      kind: 'Event',
      apiVersion: 'events.k8s.io/v1',
      metadata: { name: 'e' },
      regarding: { kind: 'Pod', name: 'p' },
      note: 'M',
      deprecatedSource: { component: 'c' },
      reportingController: 'r',
      deprecatedFirstTimestamp: null,
      deprecatedLastTimestamp: '2020-01-01T00:00:00Z',
      deprecatedCount: 3,
      reason: 'R',
    });
    expect(toStorage(events, shown, stored)).toEqual(stored);
  });

  test('of the core group are shown as they are', () => {
    expect(converts(coreEvents)).toBe(false);
    expect(fromStorage(coreEvents, stored)).toBe(stored);
  });
});

describe('autoscalers', () => {
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } };
  const memory = {
    type: 'Resource',
    resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 70 } },
  };
  const stored = {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata: { name: 'h' },
    spec: { maxReplicas: 3, metrics: [cpu, memory], behavior: { scaleDown: {} } },
    status: { desiredReplicas: 1, currentMetrics: null, conditions: [] },
  } as KubernetesObject;

  test('show the CPU in v1, and keep what v1 does not know when they are written through it', () => {
    const shown = fromStorage(autoscalersV1, stored);
    expect(shown).toMatchObject({
      apiVersion: 'autoscaling/v1',
      spec: { maxReplicas: 3, targetCPUUtilizationPercentage: 50 },
    });
    expect(shown).not.toHaveProperty('spec.metrics');
    expect(toStorage(autoscalersV1, shown, stored)).toEqual({
      ...stored,
      status: { ...statusOf(stored), currentReplicas: 0 },
    });
  });

  test('made in v1 have a metric in v2', () => {
    const made = {
      metadata: { name: 'h' },
      spec: { maxReplicas: 3, targetCPUUtilizationPercentage: 80 },
    } as KubernetesObject;
    expect(fromStorage(autoscalersV2, toStorage(autoscalersV1, made, undefined))).toMatchObject({
      apiVersion: 'autoscaling/v2',
      spec: { metrics: [{ resource: { name: 'cpu', target: { averageUtilization: 80 } } }] },
    });
  });
});

function statusOf(object: KubernetesObject): object {
  return (object as { status: object }).status;
}
