import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ResourceRules } from './rule-set.js';

interface Taint {
  readonly key?: string;
  readonly effect?: string;
}

interface Node extends KubernetesObject {
  readonly spec?: { readonly taints?: readonly Taint[] };
}

const NotReady: Taint = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' };

/** Nothing is scheduled to a new node until somebody finds that it is ready, and takes the taint away. */
export const nodeRules: ResourceRules = {
  initial(node: Node) {
    const taints = node.spec?.taints ?? [];
    if (taints.some(({ key, effect }) => key === NotReady.key && effect === NotReady.effect)) return node;
    const tainted: Node = { ...node, spec: { ...node.spec, taints: [...taints, NotReady] } };
    return tainted;
  },
};
