import { type Condition, type KubernetesObject, setStatusCondition } from '@client-ts/apimachinery';
import { newStatusError } from '@client-ts/apimachinery/errors';
import { type LabelSelector, selectorFromLabelSelector } from '@client-ts/apimachinery/labels';
import { type Cluster, collectionOf } from '../cluster.js';
import { StoredObject } from '../stored-object.js';
import { timeNow } from '../writes/time-text.js';

interface DisruptionBudget extends KubernetesObject {
  spec?: { selector?: LabelSelector };
  status?: {
    observedGeneration?: number;
    disruptionsAllowed?: number;
    currentHealthy?: number;
    desiredHealthy?: number;
    disruptedPods?: Record<string, string>;
    conditions?: Condition[];
  };
}

interface Pod extends KubernetesObject {
  readonly status?: { readonly phase?: string };
}

const Budgets = { group: 'policy', resource: 'poddisruptionbudgets' };

/**
 * Takes one disruption from the budget that covers a pod.
 *
 * @throws StatusError 429 when the budget has none left, 500 when several budgets cover the pod.
 */
export function spendDisruption(cluster: Cluster, pod: Pod, dryRun: boolean): void {
  const { name = '', deletionTimestamp } = pod.metadata ?? {};
  const phase = pod.status?.phase;
  // Evicting a pod that is not doing its work disrupts nothing.
  if (deletionTimestamp !== undefined || phase === 'Pending' || phase === 'Succeeded' || phase === 'Failed') return;
  const [entry, second] = budgetsOf(cluster, pod);
  if (!entry) return;
  if (second) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw newStatusError(500, '', message);
  }
  const budget = entry.value.object as DisruptionBudget;
  const { status = {}, metadata } = budget;
  if ((status.observedGeneration ?? 0) < (metadata?.generation ?? 0)) {
    throw refused(`The disruption budget ${metadata?.name} is still being processed by the server.`, 10);
  }
  const allowed = status.disruptionsAllowed ?? 0;
  if (allowed <= 0) throw refused(`The disruption budget ${metadata?.name} ${shortage(status)}`);
  if (dryRun) return;
  const now = timeNow(cluster.clock);
  const exhausted: Condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    observedGeneration: status.observedGeneration ?? 0,
    reason: 'InsufficientPods',
    message: '',
  };
  const spent: DisruptionBudget = {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: allowed - 1,
      disruptedPods: { ...status.disruptedPods, [name]: now },
      ...(allowed === 1
        ? { conditions: setStatusCondition(status.conditions, { ...exhausted, lastTransitionTime: now }) }
        : {}),
    },
  };
  collectionOf(cluster, Budgets).put(entry.key, (revision) => new StoredObject(spent).at(revision));
}

function budgetsOf(cluster: Cluster, { metadata }: Pod): readonly { key: string; value: StoredObject }[] {
  const entries = collectionOf(cluster, Budgets).range({ prefix: `${metadata?.namespace}/` });
  return entries.filter(({ value }) => {
    const { selector } = (value.object as DisruptionBudget).spec ?? {};
    return selectorFromLabelSelector(selector).matches(metadata?.labels ?? {});
  });
}

function shortage({ currentHealthy = 0, desiredHealthy = 0 }: NonNullable<DisruptionBudget['status']>): string {
  return currentHealthy > desiredHealthy
    ? 'does not allow evicting pods currently'
    : `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
}

function refused(reason: string, retryAfterSeconds?: number): Error {
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return newStatusError(429, 'TooManyRequests', message, {
    causes: [{ reason: 'DisruptionBudget', message: reason }],
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
