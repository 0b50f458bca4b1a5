import type { KubernetesObject, ObjectMeta } from '@client-ts/apimachinery';
import type { ResourceRules } from './rule-set.js';

interface Namespace extends KubernetesObject {
  spec?: { finalizers?: string[] };
  status?: unknown;
}

/** The finalizer of the controller that empties a namespace. */
const Finalizer = 'kubernetes';

export const namespaceRules: ResourceRules = {
  initial(object: Namespace) {
    const finalizers = object.spec?.finalizers ?? [];
    const all = finalizers.includes(Finalizer) ? finalizers : [...finalizers, Finalizer];
    const namespace: Namespace = {
      ...object,
      metadata: withNameLabel(object.metadata),
      spec: { ...object.spec, finalizers: all },
      status: { phase: 'Active' },
    };
    return namespace;
  },
  changed(object: Namespace, current: Namespace, subresource) {
    const { spec: sent, ...rest } = object;
    const spec = subresource === 'finalize' ? sent : current.spec;
    return { ...rest, metadata: withNameLabel(object.metadata), ...(spec === undefined ? {} : { spec }) };
  },
};

/** A namespace always carries its name as a label, so that selectors can name it. */
function withNameLabel(metadata: ObjectMeta = {}): ObjectMeta {
  return { ...metadata, labels: { ...metadata.labels, 'kubernetes.io/metadata.name': metadata.name ?? '' } };
}
