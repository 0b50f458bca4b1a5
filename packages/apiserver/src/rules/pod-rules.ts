import type { KubernetesObject } from '@client-ts/apimachinery';
import { admitted, type AdmittedSpec } from './pod-admission.js';
import type { ResourceRules } from './rule-set.js';

interface Container {
  readonly resources?: { readonly limits?: Quantities; readonly requests?: Quantities };
}
type Quantities = Readonly<Record<string, string>>;

interface Pod extends KubernetesObject {
  spec?: AdmittedSpec & { containers?: readonly Container[]; initContainers?: readonly Container[] };
  status?: unknown;
}

/** Resources that decide how a pod is treated when a node runs short. */
const Counted = ['cpu', 'memory'];

export const podRules: ResourceRules = {
  initial(object: Pod) {
    const { spec } = object;
    const status = { phase: 'Pending', qosClass: qualityOfService(object) };
    const pod: Pod = { ...object, ...(spec ? { spec: admitted(spec) } : {}), status };
    return pod;
  },
};

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qualityOfService({ spec }: Pod): string {
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const asked = (quantities: Quantities = {}): string[] =>
    Counted.filter((name) => quantities[name] !== undefined && quantities[name] !== '0');
  const anything = containers.some(
    ({ resources = {} }) => asked(resources.limits).length + asked(resources.requests).length > 0,
  );
  if (!anything) return 'BestEffort';
  const guaranteed = containers.every(({ resources: { limits = {}, requests = {} } = {} }) =>
    Counted.every((name) => limits[name] !== undefined && (requests[name] ?? limits[name]) === limits[name]),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
