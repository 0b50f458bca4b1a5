import type { KubernetesObject } from '@client-ts/apimachinery';
import { type Fields, isFields, listAt } from '../json-fields.js';

/** What the server chooses where the client does not. */
const Chosen = ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'];

/** Fields that mean something only for services which can be reached from outside. */
const External = ['allocateLoadBalancerNodePorts', 'externalTrafficPolicy', 'healthCheckNodePort', 'loadBalancerClass'];

/**
 * What an update leaves out of a service but the server has chosen stays, and what another type has no use for goes with
 * the old type.
 *
 * @param service - changed in place.
 */
export function keepAllocated(service: Fields, old: KubernetesObject & { readonly spec?: unknown }): void {
  const spec = service['spec'];
  if (!isFields(spec) || !isFields(old.spec)) return;
  const before = old.spec;
  if (!spec['type'] || spec['type'] === before['type']) return keep(spec, before);
  const unchanged = (name: string): boolean => JSON.stringify(spec[name]) === JSON.stringify(before[name]);
  if (spec['type'] === 'ExternalName') {
    for (const name of Chosen.filter(unchanged)) delete spec[name];
  } else {
    keep(spec, before);
  }
  if (spec['type'] !== 'NodePort' && spec['type'] !== 'LoadBalancer') {
    for (const name of External.filter(unchanged)) delete spec[name];
    forgetNodePorts(spec, before);
  }
  if (spec['type'] !== 'LoadBalancer') delete spec['allocateLoadBalancerNodePorts'];
}

function keep(spec: Fields, before: Fields): void {
  for (const name of Chosen) if (!spec[name] && before[name] !== undefined) spec[name] = structuredClone(before[name]);
}

function forgetNodePorts(spec: Fields, before: Fields): void {
  const known = new Set(listAt(before, 'ports').map(({ nodePort }) => nodePort));
  for (const port of listAt(spec, 'ports')) if (known.has(port['nodePort'])) delete port['nodePort'];
}
