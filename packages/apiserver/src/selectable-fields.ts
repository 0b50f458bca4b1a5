import { formatGroupResource, formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** Gives the value of a field for selectors; a field that is missing counts as empty. */
export type FieldGetter = (object: KubernetesObject) => string;

/** What every resource offers that has no list of its own. */
const Common: readonly string[] = ['metadata.name', 'metadata.namespace'];

/** The fields that a resource offers, as observed on kube-apiserver 1.37. */
const Offered: Readonly<Record<string, readonly string[]>> = {
  'certificatesigningrequests.certificates.k8s.io': ['metadata.name', 'spec.signerName'],
  'clustertrustbundles.certificates.k8s.io': ['metadata.name', 'spec.signerName'],
  events: [
    ...Common,
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
  'events.events.k8s.io': [
    ...Common,
    'reason',
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'regarding.apiVersion',
    'regarding.resourceVersion',
    'regarding.fieldPath',
    'reportingController',
    'type',
  ],
  'jobs.batch': [...Common, 'status.successful'],
  namespaces: ['metadata.name', 'status.phase'],
  nodes: ['metadata.name', 'spec.unschedulable'],
  'podcertificaterequests.certificates.k8s.io': ['metadata.name', 'spec.nodeName', 'spec.podName', 'spec.signerName'],
  pods: [
    ...Common,
    'spec.hostNetwork',
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.nominatedNodeName',
    'status.phase',
    'status.podIP',
    'status.podIPs',
  ],
  replicationcontrollers: [...Common, 'status.replicas'],
  'resourceslices.resource.k8s.io': ['metadata.name', 'spec.driver', 'spec.nodeName', 'spec.pool.name'],
  secrets: [...Common, 'type'],
  services: [...Common, 'spec.clusterIP', 'spec.type'],
};

/** Fields that are not simply where their names point. */
const Special: Readonly<Record<string, FieldGetter>> = {
  'events/source': (event) => textAt(event, ['source', 'component']) || textAt(event, ['reportingComponent']),
  'jobs.batch/status.successful': (job) => textAt(job, ['status', 'succeeded']) || '0',
  'nodes/spec.unschedulable': (node) => textAt(node, ['spec', 'unschedulable']) || 'false',
  'pods/spec.hostNetwork': (pod) => textAt(pod, ['spec', 'hostNetwork']) || 'false',
  'replicationcontrollers/status.replicas': (controller) => textAt(controller, ['status', 'replicas']) || '0',
};

/** How a field is read, or `undefined` when the resource does not offer it. */
export function selectableField(resource: ServedResource, field: string): FieldGetter | undefined {
  const name = formatGroupResource(resource);
  if (!offeredBy(resource).includes(field)) return undefined;
  const special = `${name}/${field}`;
  if (!resource.custom && Object.hasOwn(Special, special)) return Special[special];
  const path = field.split('.');
  return (object) => textAt(object, path);
}

/** Why a field cannot be used, in the words of the server. */
export function unsupportedField(resource: ServedResource, field: string): string {
  const name = formatGroupResource(resource);
  if (name === 'jobs.batch') return `field label ${JSON.stringify(field)} not supported for Job`;
  if (name === 'resourceslices.resource.k8s.io') {
    return `field label not supported for ${formatGroupVersion(resource)}, Kind=${resource.kind}: ${field}`;
  }
  if (resource.custom || Object.hasOwn(Offered, name)) return `field label not supported: ${field}`;
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function offeredBy(resource: ServedResource): readonly string[] {
  if (resource.custom) {
    const common = resource.scope === 'Namespaced' ? Common : ['metadata.name'];
    return [...common, ...resource.custom.selectableFields];
  }
  const name = formatGroupResource(resource);
  return (Object.hasOwn(Offered, name) && Offered[name]) || Common;
}

function textAt(value: unknown, path: readonly string[]): string {
  for (const field of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, field)) return '';
    value = (value as Record<string, unknown>)[field];
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
