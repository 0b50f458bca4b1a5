import type { StatusCause } from '@client-ts/apimachinery/errors';
import { isDNS1123Label, isDNS1123Subdomain } from '@client-ts/apimachinery/validation';
import { duplicate, forbidden, invalid, invalidFor, required } from '../../rules/causes.js';
import { isIPv4, isIPv6 } from '../ip-address.js';
import { type Fields, fieldsAt, listAt, textAt } from '../json-fields.js';
import { portProblems } from './numbers.js';
import type { Rule } from './rule.js';
import { labelProblems } from './selector-rules.js';

/** Rules of services, by type. */
export const ServiceRules: Readonly<Record<string, Rule>> = {
  'core.v1.ServiceSpec': (spec, path) => [
    ...portsProblems(spec, path),
    ...labelProblems(`${path}.selector`, fieldsAt(spec, 'selector')),
    ...externalNameProblems(spec, path),
    ...trafficProblems(spec, path),
    ...clusterIPProblems(spec, path),
  ],
};

function portsProblems(spec: Fields, path: string): StatusCause[] {
  const ports = listAt(spec, 'ports');
  const headless = spec['clusterIP'] === 'None';
  if (ports.length === 0) {
    return headless || spec['type'] === 'ExternalName' ? [] : [required(`${path}.ports`)];
  }
  const names = new Set<string>();
  const numbers = new Set<string>();
  return ports.flatMap((port, i) => {
    const at = `${path}.ports[${i}]`;
    const causes = [
      ...nameProblems(port, `${at}.name`, ports.length > 1, names),
      ...portProblems(`${at}.port`, port['port']),
      ...(headless ? [] : portProblems(`${at}.targetPort`, port['targetPort'])),
    ];
    if (port['nodePort'] && spec['type'] === 'ClusterIP') {
      causes.push(forbidden(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    }
    const number = `${textAt(port, 'protocol')}/${String(port['port'])}`;
    if (numbers.has(number)) causes.push(duplicate(at, shownPort(port)));
    numbers.add(number);
    return causes;
  });
}

function nameProblems(port: Fields, field: string, needed: boolean, names: Set<string>): StatusCause[] {
  const name = textAt(port, 'name');
  if (name === '') return needed ? [required(field)] : [];
  if (names.has(name)) return [duplicate(field, name)];
  names.add(name);
  return invalidFor(field, name, isDNS1123Label(name));
}

/** A port as a real server shows one that it has seen before, under the names of Go's fields. */
function shownPort({ protocol, port }: Fields): object {
  return { Name: '', Protocol: protocol, AppProtocol: null, Port: port, TargetPort: 0, NodePort: 0 };
}

function externalNameProblems(spec: Fields, path: string): StatusCause[] {
  if (spec['type'] !== 'ExternalName') return [];
  const name = textAt(spec, 'externalName').replace(/\.$/, '');
  return name === ''
    ? [required(`${path}.externalName`)]
    : invalidFor(`${path}.externalName`, name, isDNS1123Subdomain(name));
}

function trafficProblems(spec: Fields, path: string): StatusCause[] {
  const { type, externalTrafficPolicy: policy } = spec;
  const external =
    type === 'NodePort' || type === 'LoadBalancer' || ((spec['externalIPs'] as string[] | undefined) ?? []).length > 0;
  if (policy === undefined || external) return [];
  return [invalid(`${path}.externalTrafficPolicy`, policy, 'may only be set for externally-accessible services')];
}

function clusterIPProblems({ clusterIP }: Fields, path: string): StatusCause[] {
  if (typeof clusterIP !== 'string' || clusterIP === '' || clusterIP === 'None') return [];
  if (isIPv4(clusterIP) || isIPv6(clusterIP)) return [];
  return [invalid(`${path}.clusterIPs[0]`, clusterIP, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')];
}
