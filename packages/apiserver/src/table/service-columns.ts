import type { Endpoints, Service } from '@client-ts/api/core/v1';
import { AgeColumn, type Column, formatLabels, NameColumn, orNone } from './column.js';

/** How many endpoints are named; of more only the number is. */
const MaxEndpoints = 3;

export const ServiceColumns: readonly Column<Service>[] = [
  NameColumn,
  { name: 'Type', type: 'string', cell: ({ spec }) => spec?.type ?? '' },
  { name: 'Cluster-IP', type: 'string', cell: ({ spec }) => orNone(spec?.clusterIPs?.[0]) },
  { name: 'External-IP', type: 'string', cell: externalIP },
  { name: 'Port(s)', type: 'string', cell: ports },
  AgeColumn,
  { name: 'Selector', type: 'string', priority: 1, cell: ({ spec }) => formatLabels(spec?.selector) },
];

export const EndpointsColumns: readonly Column<Endpoints>[] = [
  NameColumn,
  { name: 'Endpoints', type: 'string', cell: endpoints },
  AgeColumn,
];

function externalIP({ spec, status }: Service): string {
  const external = spec?.externalIPs ?? [];
  const type = spec?.type;
  if (type === 'ClusterIP' || type === 'NodePort') return orNone(external.join(','));
  if (type === 'ExternalName') return spec?.externalName ?? '';
  if (type !== 'LoadBalancer') return '<unknown>';
  const ingress = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '');
  const balancers = [...new Set(ingress.filter((address) => address !== ''))].toSorted();
  return [...balancers, ...external].join(',') || '<pending>';
}

function ports({ spec }: Service): string {
  const listed = (spec?.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return orNone(listed.join(','));
}

function endpoints({ subsets = [] }: Endpoints): string {
  if (subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports: served = [] }) => {
    const ips = addresses.map(({ ip }) => ip);
    if (served.length === 0) return ips;
    return served.flatMap(({ port }) => ips.map((ip) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)));
  });
  const named = all.slice(0, MaxEndpoints).join(',');
  return all.length > MaxEndpoints ? `${named} + ${all.length - MaxEndpoints} more...` : named;
}
