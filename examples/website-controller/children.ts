import type { Deployment } from '@client-ts/api/apps/v1';
import type { ConfigMap } from '@client-ts/api/core/v1';
import { newControllerRef, type ObjectMeta } from '@client-ts/apimachinery';
import { type Website, websites } from './website.js';

/** The objects that a Website wants to exist. Pure: the same Website gives the same children. */

export function configMapFor(website: Website): ConfigMap {
  return { metadata: childMetadata(website), data: { 'index.html': website.spec.html } };
}

export function deploymentFor(website: Website): Deployment {
  const metadata = childMetadata(website);
  return {
    metadata,
    spec: {
      replicas: website.spec.replicas ?? 1,
      selector: { matchLabels: { website: metadata.name } },
      template: {
        metadata: { labels: { website: metadata.name } },
        spec: {
          containers: [{ name: 'web', image: 'nginx:1', volumeMounts: [{ name: 'html', mountPath: '/html' }] }],
          volumes: [{ name: 'html', configMap: { name: metadata.name } }],
        },
      },
    },
  };
}

function childMetadata(website: Website): ObjectMeta & { name: string; namespace: string } {
  const { name = '', namespace = '' } = website.metadata ?? {};
  return { name, namespace, labels: { website: name }, ownerReferences: [newControllerRef(website, websites)] };
}

/**
 * Whether `current` has everything that `desired` says. What the server or others added does not count as a difference;
 * lists must have the same length.
 */
export function covers(current: unknown, desired: unknown): boolean {
  if (Array.isArray(desired)) {
    return (
      Array.isArray(current) &&
      current.length === desired.length &&
      desired.every((item, index) => covers(current[index], item))
    );
  }
  if (typeof desired !== 'object' || desired === null) return current === desired;
  if (typeof current !== 'object' || current === null) return false;
  const fields = current as Record<string, unknown>;
  return Object.entries(desired).every(([field, value]) => covers(fields[field], value));
}
