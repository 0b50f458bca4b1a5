import type { Pod } from '@client-ts/api/core/v1';
import { AgeColumn, type Column, NameColumn, orNone } from './column.js';
import { timeSince } from './human-duration.js';
import { podSummary } from './pod-summary.js';

export const PodColumns: readonly Column<Pod>[] = [
  NameColumn,
  {
    name: 'Ready',
    type: 'string',
    cell: (pod) => {
      const { ready, total } = podSummary(pod);
      return `${ready}/${total}`;
    },
  },
  { name: 'Status', type: 'string', cell: (pod) => podSummary(pod).status },
  {
    name: 'Restarts',
    type: 'string',
    cell: (pod, now) => {
      const { restarts, lastRestart } = podSummary(pod);
      return restarts > 0 && lastRestart ? `${restarts} (${timeSince(lastRestart, now)} ago)` : String(restarts);
    },
  },
  AgeColumn,
  { name: 'IP', type: 'string', priority: 1, cell: ({ status }) => orNone(status?.podIPs?.[0]?.ip) },
  { name: 'Node', type: 'string', priority: 1, cell: ({ spec }) => orNone(spec?.nodeName) },
  { name: 'Nominated Node', type: 'string', priority: 1, cell: ({ status }) => orNone(status?.nominatedNodeName) },
  { name: 'Readiness Gates', type: 'string', priority: 1, cell: readinessGates },
];

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status === 'True',
  );
  return `${open.length}/${gates.length}`;
}
