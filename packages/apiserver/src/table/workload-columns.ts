import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from '@client-ts/api/apps/v1';
import type { PodTemplate, ReplicationController } from '@client-ts/api/core/v1';
import { getControllerOf } from '@client-ts/apimachinery';
import { AgeColumn, type Column, containerColumns, formatLabels, formatSelector, NameColumn } from './column.js';

type Workload = Deployment | ReplicaSet | StatefulSet | DaemonSet;

const WideContainers: Column<Workload | ReplicationController>[] = containerColumns(
  ({ spec }) => spec?.template?.spec?.containers,
  1,
);

const SelectorColumn: Column<Workload> = {
  name: 'Selector',
  type: 'string',
  priority: 1,
  cell: ({ spec }) => formatSelector(spec?.selector),
};

const ReplicaColumns: readonly Column<ReplicaSet | ReplicationController>[] = [
  { name: 'Desired', type: 'integer', cell: ({ spec }) => spec?.replicas ?? 0 },
  { name: 'Current', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
  { name: 'Ready', type: 'integer', cell: ({ status }) => status?.readyReplicas ?? 0 },
];

const ReadyOfDesired: Column<Deployment | StatefulSet> = {
  name: 'Ready',
  type: 'string',
  cell: ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`,
};

export const DeploymentColumns: readonly Column<Deployment>[] = [
  NameColumn,
  ReadyOfDesired,
  { name: 'Up-to-date', type: 'string', cell: ({ status }) => status?.updatedReplicas ?? 0 },
  { name: 'Available', type: 'string', cell: ({ status }) => status?.availableReplicas ?? 0 },
  AgeColumn,
  ...WideContainers,
  SelectorColumn,
];

export const ReplicaSetColumns: readonly Column<ReplicaSet>[] = [
  NameColumn,
  ...ReplicaColumns,
  AgeColumn,
  ...WideContainers,
  SelectorColumn,
];

export const ReplicationControllerColumns: readonly Column<ReplicationController>[] = [
  NameColumn,
  ...ReplicaColumns,
  AgeColumn,
  ...WideContainers,
  { name: 'Selector', type: 'string', priority: 1, cell: ({ spec }) => formatLabels(spec?.selector) },
];

export const StatefulSetColumns: readonly Column<StatefulSet>[] = [
  NameColumn,
  ReadyOfDesired,
  AgeColumn,
  ...WideContainers,
];

export const DaemonSetColumns: readonly Column<DaemonSet>[] = [
  NameColumn,
  { name: 'Desired', type: 'integer', cell: ({ status }) => status?.desiredNumberScheduled ?? 0 },
  { name: 'Current', type: 'integer', cell: ({ status }) => status?.currentNumberScheduled ?? 0 },
  { name: 'Ready', type: 'integer', cell: ({ status }) => status?.numberReady ?? 0 },
  { name: 'Up-to-date', type: 'integer', cell: ({ status }) => status?.updatedNumberScheduled ?? 0 },
  { name: 'Available', type: 'integer', cell: ({ status }) => status?.numberAvailable ?? 0 },
  { name: 'Node Selector', type: 'string', cell: ({ spec }) => formatLabels(spec?.template?.spec?.nodeSelector) },
  AgeColumn,
  ...WideContainers,
  SelectorColumn,
];

export const PodTemplateColumns: readonly Column<PodTemplate>[] = [
  NameColumn,
  ...containerColumns<PodTemplate>(({ template }) => template?.spec?.containers, 0),
  { name: 'Pod Labels', type: 'string', cell: ({ template }) => formatLabels(template?.metadata?.labels) },
];

export const ControllerRevisionColumns: readonly Column<ControllerRevision>[] = [
  NameColumn,
  { name: 'Controller', type: 'string', cell: controllerName },
  { name: 'Revision', type: 'string', cell: ({ revision }) => revision },
  AgeColumn,
];

function controllerName(object: ControllerRevision): string {
  const controller = getControllerOf(object);
  if (!controller) return '<none>';
  const { apiVersion, kind, name } = controller;
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  return `${kind}${group}`.toLowerCase() + `/${name}`;
}
