import type { KubernetesObject } from '@client-ts/apimachinery';
import { contentHash } from '../content-hash.js';
import type { ResourceRules } from './rule-set.js';

interface Service extends KubernetesObject {
  spec?: {
    type?: string;
    clusterIP?: string;
    clusterIPs?: string[];
    ipFamilies?: string[];
    ipFamilyPolicy?: string;
    ports?: { name?: string; port?: number; nodePort?: number }[];
  };
  status?: unknown;
}

/** `10.96.0.0/12`, where most clusters have their services. */
const FirstAddress = 0x0a_60_00_00;
const Addresses = 2 ** 20;
const FirstNodePort = 30_000;
const NodePorts = 2768;

export const serviceRules: ResourceRules = {
  initial: (object) => {
    const service: Service = { ...withAddresses(object), status: { loadBalancer: {} } };
    return service;
  },
  changed: (object, _current, subresource) => (subresource === '' ? withAddresses(object) : object),
};

/**
 * A service with an address, and ports on nodes where its type wants them. They are made from its uid, so that runs on
 * virtual time repeat; nobody looks whether another service has the same.
 */
function withAddresses(service: Service): Service {
  const { metadata, spec } = service;
  if (!spec || spec.type === 'ExternalName') return service;
  const { clusterIP = addressOf(metadata?.uid ?? ''), ports = [] } = spec;
  const onNodes = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
  return {
    ...service,
    spec: {
      ...spec,
      clusterIP,
      clusterIPs: spec.clusterIPs ?? [clusterIP],
      ipFamilies: spec.ipFamilies ?? [clusterIP.includes(':') ? 'IPv6' : 'IPv4'],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? 'SingleStack',
      ...(onNodes
        ? {
            ports: ports.map((port, i) => ({
              ...port,
              nodePort: port.nodePort || nodePortOf(`${metadata?.uid} ${i}`),
            })),
          }
        : {}),
    },
  };
}

function addressOf(seed: string): string {
  const address = FirstAddress + (numberOf(seed) % Addresses);
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join('.');
}

function nodePortOf(seed: string): number {
  return FirstNodePort + (numberOf(seed) % NodePorts);
}

function numberOf(seed: string): number {
  return Number.parseInt(contentHash(seed).slice(-8), 16);
}
