import type { Node } from '@client-ts/api/core/v1';
import { AgeColumn, type Column, NameColumn, orNone } from './column.js';

const RolePrefix = 'node-role.kubernetes.io/';
const RoleLabel = 'kubernetes.io/role';

export const NodeColumns: readonly Column<Node>[] = [
  NameColumn,
  { name: 'Status', type: 'string', cell: nodeStatus },
  { name: 'Roles', type: 'string', cell: roles },
  AgeColumn,
  { name: 'Version', type: 'string', cell: ({ status }) => status?.nodeInfo?.kubeletVersion ?? '' },
  { name: 'Internal-IP', type: 'string', priority: 1, cell: (node) => address(node, 'InternalIP') },
  { name: 'External-IP', type: 'string', priority: 1, cell: (node) => address(node, 'ExternalIP') },
  { name: 'OS-Image', type: 'string', priority: 1, cell: ({ status }) => status?.nodeInfo?.osImage || '<unknown>' },
  { name: 'Kernel-Version', type: 'string', priority: 1, cell: kernel },
  {
    name: 'Container-Runtime',
    type: 'string',
    priority: 1,
    cell: ({ status }) => status?.nodeInfo?.containerRuntimeVersion || '<unknown>',
  },
];

function nodeStatus({ spec, status }: Node): string {
  const ready = status?.conditions?.findLast(({ type }) => type === 'Ready')?.status;
  const state = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable ? `${state},SchedulingDisabled` : state;
}

function roles({ metadata }: Node): string {
  const found = Object.entries(metadata?.labels ?? {}).map(([key, value]) => {
    if (key.startsWith(RolePrefix)) return key.slice(RolePrefix.length);
    return key === RoleLabel ? value : '';
  });
  return orNone([...new Set(found.filter((role) => role !== ''))].toSorted().join(','));
}

function address({ status }: Node, wanted: string): string {
  return orNone(status?.addresses?.find(({ type }) => type === wanted)?.address);
}

function kernel({ status }: Node): string {
  const { kernelVersion, architecture } = status?.nodeInfo ?? {};
  return (kernelVersion || '<unknown>') + (architecture ? ` (${architecture})` : '');
}
