import { formatGroupResource } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import type { Column } from './column.js';
import { customColumns } from './custom-columns.js';
import { EventColumns } from './event-columns.js';
import { CronJobColumns, JobColumns } from './job-columns.js';
import { NodeColumns } from './node-columns.js';
import {
  AgedColumns,
  ConfigMapColumns,
  CustomResourceDefinitionColumns,
  DefaultColumns,
  LeaseColumns,
  NamespaceColumns,
  ResourceQuotaColumns,
  ScaleColumns,
  SecretColumns,
} from './plain-columns.js';
import { PodColumns } from './pod-columns.js';
import { EndpointsColumns, ServiceColumns } from './service-columns.js';
import { PersistentVolumeClaimColumns, PersistentVolumeColumns } from './volume-columns.js';
import {
  ControllerRevisionColumns,
  DaemonSetColumns,
  DeploymentColumns,
  PodTemplateColumns,
  ReplicaSetColumns,
  ReplicationControllerColumns,
  StatefulSetColumns,
} from './workload-columns.js';

/** The columns that a real server prints, by resource. */
const Known: ReadonlyMap<string, readonly Column[]> = new Map<string, readonly Column[]>([
  ['configmaps', ConfigMapColumns],
  ['controllerrevisions.apps', ControllerRevisionColumns],
  ['cronjobs.batch', CronJobColumns],
  ['customresourcedefinitions.apiextensions.k8s.io', CustomResourceDefinitionColumns],
  ['daemonsets.apps', DaemonSetColumns],
  ['deployments.apps', DeploymentColumns],
  ['endpoints', EndpointsColumns],
  ['events', EventColumns],
  ['jobs.batch', JobColumns],
  ['leases.coordination.k8s.io', LeaseColumns],
  ['namespaces', NamespaceColumns],
  ['nodes', NodeColumns],
  ['persistentvolumeclaims', PersistentVolumeClaimColumns],
  ['persistentvolumes', PersistentVolumeColumns],
  ['pods', PodColumns],
  ['podtemplates', PodTemplateColumns],
  ['replicasets.apps', ReplicaSetColumns],
  ['replicationcontrollers', ReplicationControllerColumns],
  ['resourcequotas', ResourceQuotaColumns],
  ['secrets', SecretColumns],
  ['serviceaccounts', AgedColumns],
  ['services', ServiceColumns],
  ['statefulsets.apps', StatefulSetColumns],
]);

/** The columns for an object of a resource; a Scale has its own, whatever it scales. */
export function columnsOf(resource: ServedResource, kind: string = resource.kind): readonly Column[] {
  if (kind === 'Scale') return ScaleColumns;
  if (resource.custom) return customColumns(resource.custom);
  return Known.get(formatGroupResource(resource)) ?? DefaultColumns;
}
