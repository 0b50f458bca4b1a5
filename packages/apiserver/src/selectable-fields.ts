import { formatGroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** Gives the value of a field for selectors; a field that is missing counts as empty. */
export type FieldGetter = (object: KubernetesObject) => string;

/** Fields that every resource of a scope offers. */
const Common = ['metadata.name', 'metadata.namespace'];

/** Fields that a resource offers beside its name and namespace. @see conversion functions in `k8s.io/kubernetes/pkg/apis` */
const Offered: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  replicationcontrollers: ['status.replicas'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};

/** How a field is read, or `undefined` when the resource does not offer it. */
export function selectableField(resource: ServedResource, field: string): FieldGetter | undefined {
  if (field === 'metadata.namespace' && resource.scope === 'Cluster' && resource.custom) return undefined;
  const name = formatGroupResource(resource);
  const offered = resource.custom?.selectableFields ?? (Object.hasOwn(Offered, name) ? Offered[name] : undefined) ?? [];
  if (!Common.includes(field) && !offered.includes(field)) return undefined;
  const path = field.split('.');
  return (object) => textAt(object, path);
}

function textAt(value: unknown, path: readonly string[]): string {
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return '';
    value = (value as Record<string, unknown>)[field];
  }
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}
