import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ResourceRules } from './resource-rules.js';

interface Job extends KubernetesObject {
  spec?: {
    manualSelector?: boolean;
    selector?: { matchLabels?: Record<string, string> };
    template?: KubernetesObject;
  };
  status?: unknown;
}

export const jobRules: ResourceRules = {
  initial: (object) => ({ ...selectingOwnPods(object), status: {} }) as Job,
};

/** Unless its author chose a selector, a job selects its pods by its own uid. */
function selectingOwnPods(job: Job): Job {
  const { metadata, spec } = job;
  if (!spec || spec.manualSelector === true) return job;
  const { uid = '', name = '' } = metadata ?? {};
  // The old names without a prefix are kept in step with the new ones.
  const labels = {
    ...spec.template?.metadata?.labels,
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const { matchLabels } = spec.selector ?? {};
  return {
    ...job,
    metadata: { ...metadata, labels: metadata?.labels ?? labels },
    spec: {
      ...spec,
      selector: { ...spec.selector, matchLabels: { ...matchLabels, 'batch.kubernetes.io/controller-uid': uid } },
      template: { ...spec.template, metadata: { ...spec.template?.metadata, labels } },
    },
  };
}
