import { type Fields, fieldsAt, isFields, listAt, setDefaults } from '../json-fields.js';

/** Defaults of pods that templates of pods do not have. */
export function defaultPod({ spec }: Fields): void {
  if (!isFields(spec)) return;
  setDefaults(spec, { enableServiceLinks: true });
  for (const container of [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')]) {
    requestLimits(container);
    if (spec['hostNetwork'] === true) openHostPorts(container);
  }
}

/** What a container is limited to it also asks for, unless it says otherwise. */
function requestLimits({ resources }: Fields): void {
  if (!isFields(resources) || !isFields(resources['limits'])) return;
  resources['requests'] = { ...resources['limits'], ...fieldsAt(resources, 'requests') };
}

function openHostPorts(container: Fields): void {
  for (const port of listAt(container, 'ports')) {
    if (!port['hostPort']) port['hostPort'] = port['containerPort'];
  }
}

/** How long a pod stays on a node that is not ready or not reachable. */
const NodeTolerations = ['not-ready', 'unreachable'].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

/**
 * What admission adds to new pods: tolerations of nodes in trouble, and the priority that a server without priority
 * classes gives.
 */
export function admitPod({ spec }: Fields): void {
  if (!isFields(spec)) return;
  setDefaults(spec, { priority: 0, preemptionPolicy: 'PreemptLowerPriority' });
  const given = listAt(spec, 'tolerations');
  const covers = (key: string): boolean =>
    given.some((toleration) => {
      const sameKey = toleration['key'] === key || (!toleration['key'] && toleration['operator'] === 'Exists');
      return sameKey && (!toleration['effect'] || toleration['effect'] === 'NoExecute');
    });
  const added = NodeTolerations.filter(({ key }) => !covers(key));
  if (added.length > 0) spec['tolerations'] = [...given, ...added.map((toleration) => ({ ...toleration }))];
}
