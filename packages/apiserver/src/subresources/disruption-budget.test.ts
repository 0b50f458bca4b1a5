import { schema } from '@client-ts/api/schema';
import { FakeClock } from '@client-ts/apimachinery/testing';
import { describe, expect, test } from 'vitest';
import { type Cluster, collectionOf } from '../cluster.js';
import { ResourceRegistry } from '../resource-registry.js';
import { Store } from '../storage/store.js';
import { StoredObject } from '../stored-object.js';
import { spendDisruption } from './disruption-budget.js';

const Budgets = { group: 'policy', resource: 'poddisruptionbudgets' };

function clusterWith(...statuses: object[]): Cluster {
  const cluster: Cluster = {
    store: new Store<StoredObject>(),
    registry: new ResourceRegistry(),
    schema,
    clock: new FakeClock(),
    check: ({ object }) => ({ object, warnings: [], strictErrors: [], causes: [] }),
  };
  for (const [i, status] of statuses.entries()) {
    const metadata = { name: `b${i}`, namespace: 'default', generation: 1 };
    const budget = { metadata, spec: { selector: { matchLabels: { app: 'web' } } }, status };
    collectionOf(cluster, Budgets).put(`default/b${i}`, (revision) => new StoredObject(budget).at(revision));
  }
  return cluster;
}

const pod = (phase: string, app = 'web'): Parameters<typeof spendDisruption>[1] => ({
  metadata: { name: 'p', namespace: 'default', labels: { app } },
  status: { phase },
});

const one = { observedGeneration: 1, disruptionsAllowed: 1, currentHealthy: 2, desiredHealthy: 1, expectedPods: 2 };

function budget(cluster: Cluster): unknown {
  return (collectionOf(cluster, Budgets).get('default/b0')?.value.object as { status?: unknown } | undefined)?.status;
}

describe('spendDisruption', () => {
  test('takes one from the budget, and says when it was the last', () => {
    const cluster = clusterWith({ ...one, disruptionsAllowed: 2 });
    spendDisruption(cluster, pod('Running'), false);
    expect(budget(cluster)).toEqual({ ...one, disruptionsAllowed: 1, disruptedPods: { p: '2020-01-01T00:00:00Z' } });
    spendDisruption(cluster, pod('Running'), false);
    expect(budget(cluster)).toMatchObject({
      disruptionsAllowed: 0,
      conditions: [{ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods' }],
    });
    expect(() => spendDisruption(cluster, pod('Running'), false)).toThrow('disruption budget');
  });

  test('takes nothing in a dry run', () => {
    const cluster = clusterWith(one);
    spendDisruption(cluster, pod('Running'), true);
    expect(budget(cluster)).toEqual(one);
  });

  test.each([
    { what: 'a pod that is not working', candidate: pod('Pending') },
    { what: 'a pod that has ended', candidate: pod('Succeeded') },
    { what: 'a pod of others', candidate: pod('Running', 'other') },
  ])('$what costs nothing', ({ candidate }) => {
    const cluster = clusterWith({ ...one, disruptionsAllowed: 0 });
    spendDisruption(cluster, candidate, false);
    expect(budget(cluster)).toEqual({ ...one, disruptionsAllowed: 0 });
  });

  test.each([
    {
      statuses: [{ ...one, observedGeneration: 0 }],
      status: {
        code: 429,
        details: {
          causes: [
            { reason: 'DisruptionBudget', message: 'The disruption budget b0 is still being processed by the server.' },
          ],
          retryAfterSeconds: 10,
        },
      },
    },
    {
      statuses: [{ ...one, disruptionsAllowed: 0, currentHealthy: 1 }],
      status: {
        code: 429,
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget b0 needs 1 healthy pods and has 1 currently',
            },
          ],
        },
      },
    },
    {
      statuses: [{ ...one, disruptionsAllowed: 0 }],
      status: {
        code: 429,
        details: {
          causes: [
            { reason: 'DisruptionBudget', message: 'The disruption budget b0 does not allow evicting pods currently' },
          ],
        },
      },
    },
    {
      statuses: [one, one],
      status: { code: 500, message: expect.stringContaining('more than one PodDisruptionBudget') as string },
    },
  ])('refuses with $status.code', ({ statuses, status }) => {
    const cluster = clusterWith(...statuses);
    const refused = (): unknown => {
      try {
        spendDisruption(cluster, pod('Running'), false);
      } catch (error) {
        return (error as { status?: unknown }).status;
      }
      return undefined;
    };
    expect(refused()).toMatchObject(status);
  });
});
