import type { KubernetesObject } from '@client-ts/apimachinery';
import { invalid } from './causes.js';
import type { ResourceRules } from './rule-set.js';

interface Job extends KubernetesObject {
  spec?: {
    manualSelector?: boolean;
    selector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
    template?: KubernetesObject;
  };
  status?: unknown;
}

const ControllerUid = 'batch.kubernetes.io/controller-uid';

/** A job gets a selector of its own, made from its uid, so that jobs never share pods. */
export const jobRules: ResourceRules = {
  initial(object: Job) {
    const job: Job = { ...object, status: {} };
    const { metadata = {}, spec } = job;
    if (!spec || spec.manualSelector) return job;
    const { name = '', uid = '' } = metadata;
    const labels = {
      ...spec.template?.metadata?.labels,
      [ControllerUid]: uid,
      'batch.kubernetes.io/job-name': name,
      // The old names of the same labels.
      'controller-uid': uid,
      'job-name': name,
    };
    return {
      ...job,
      metadata: withLabels(metadata, spec.template, labels),
      spec: {
        ...spec,
        selector: { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, [ControllerUid]: uid } },
        manualSelector: false,
        template: { ...spec.template, metadata: { ...spec.template?.metadata, labels } },
      },
    } as Job;
  },
  problems(object: Job, current) {
    const { spec, metadata } = object;
    if (current || !spec || spec.manualSelector) return [];
    const { matchLabels = {}, matchExpressions = [] } = spec.selector ?? {};
    const generated = Object.keys(matchLabels).length === 1 && matchLabels[ControllerUid] === metadata?.uid;
    if (generated && matchExpressions.length === 0) return [];
    return [invalid('spec.selector', spec.selector, '`selector` not auto-generated')];
  },
};

/** A job without labels of its own carries those of its pods. */
function withLabels(
  metadata: NonNullable<KubernetesObject['metadata']>,
  template: KubernetesObject | undefined,
  labels: Record<string, string>,
): NonNullable<KubernetesObject['metadata']> {
  const own = Object.keys(metadata.labels ?? {});
  const ofTemplate = Object.keys(template?.metadata?.labels ?? {});
  const defaulted = own.length === ofTemplate.length && own.every((key) => ofTemplate.includes(key));
  return defaulted ? { ...metadata, labels } : metadata;
}
