import { formatGroupResource } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** What the server does with objects of one resource beyond what schemas say. */
export interface Strategy {
  /** An update without `metadata.resourceVersion` replaces whatever is there. */
  readonly unconditionalUpdate: boolean;
  /** An update of an object that does not exist creates it. */
  readonly createOnUpdate: boolean;
  /** `metadata.generation` counts the changes of everything but metadata and status. */
  readonly generation: boolean;
  /** The status is written through its subresource only. */
  readonly status: boolean;
  /** A delete answers with the object even when it is gone at once. */
  readonly returnsDeleted: boolean;
  /** Deletes without `propagationPolicy` leave dependents alone. */
  readonly orphansByDefault: boolean;
}

const Defaults: Omit<Strategy, 'status'> = {
  unconditionalUpdate: true,
  createOnUpdate: false,
  generation: false,
  returnsDeleted: false,
  orphansByDefault: false,
};

const Rules: Readonly<Record<string, Partial<Strategy>>> = {
  pods: { generation: true, returnsDeleted: true },
  services: { returnsDeleted: true, createOnUpdate: true },
  serviceaccounts: { returnsDeleted: true },
  persistentvolumes: { returnsDeleted: true },
  persistentvolumeclaims: { returnsDeleted: true },
  podtemplates: { generation: true, returnsDeleted: true },
  resourcequotas: { returnsDeleted: true },
  replicationcontrollers: { generation: true, orphansByDefault: true },
  endpoints: { createOnUpdate: true },
  events: { createOnUpdate: true },
  limitranges: { createOnUpdate: true },
  'daemonsets.apps': { generation: true },
  'deployments.apps': { generation: true },
  'replicasets.apps': { generation: true },
  'statefulsets.apps': { generation: true },
  'jobs.batch': { generation: true, orphansByDefault: true },
  'cronjobs.batch': { generation: true },
  'leases.coordination.k8s.io': { unconditionalUpdate: false, createOnUpdate: true },
  'customresourcedefinitions.apiextensions.k8s.io': { unconditionalUpdate: false, generation: true },
};

const CustomResource: Partial<Strategy> = { unconditionalUpdate: false, generation: true };

export function strategyOf(resource: ServedResource): Strategy {
  const rules = resource.custom ? CustomResource : ruleOf(formatGroupResource(resource));
  const status = resource.served.some(({ name }) => name === 'status');
  return { ...Defaults, status, ...rules };
}

function ruleOf(groupResource: string): Partial<Strategy> {
  return (Object.hasOwn(Rules, groupResource) && Rules[groupResource]) || {};
}
