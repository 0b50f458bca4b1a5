import { formatGroupResource } from '@client-ts/apimachinery';
import type { ServedResource } from './resource-registry.js';

/** Where real servers keep objects whose place in etcd is not called like the resource. */
const Places: Readonly<Record<string, string>> = {
  endpoints: 'services/endpoints',
  'events.events.k8s.io': 'events',
  'ingresses.networking.k8s.io': 'ingress',
  nodes: 'minions',
  'priorityclasses.scheduling.k8s.io': 'priorityclasses',
  replicationcontrollers: 'controllers',
  services: 'services/specs',
};

/** The key of an object in etcd. Some errors of a real server show it. */
export function registryKey(resource: ServedResource, namespace: string, name: string): string {
  const id = formatGroupResource(resource);
  const grouped = resource.custom || resource.group.endsWith('apiextensions.k8s.io');
  const place = grouped
    ? `${resource.group}/${resource.resource}`
    : (Object.hasOwn(Places, id) && Places[id]) || resource.resource;
  return ['', 'registry', place, namespace, name].filter((part, i) => i === 0 || part !== '').join('/');
}
