interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** What admission looks at in a pod. */
export interface AdmittedSpec {
  readonly priority?: number;
  readonly preemptionPolicy?: string;
  readonly tolerations?: readonly Toleration[];
}

/** How long a pod stays on a node that is not ready or not reachable. */
const NodeTolerations: readonly Required<Toleration>[] = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/**
 * What admission makes of a new pod: it tolerates nodes in trouble for a while, and has the priority that a server without
 * priority classes gives. Pure.
 */
export function admitted<S extends AdmittedSpec>(spec: S): S {
  const { tolerations = [] } = spec;
  const added = NodeTolerations.filter(({ key }) => !tolerations.some((toleration) => covers(toleration, key)));
  return {
    priority: 0,
    preemptionPolicy: 'PreemptLowerPriority',
    ...spec,
    ...(added.length === 0 ? {} : { tolerations: [...tolerations, ...added] }),
  };
}

function covers({ key, operator, effect }: Toleration, wanted: string): boolean {
  const sameKey = key === wanted || (!key && operator === 'Exists');
  return sameKey && (!effect || effect === 'NoExecute');
}
