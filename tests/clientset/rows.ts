import { formatGroupVersion } from '@client-ts/apimachinery';
import { certificates } from './resources/certificates.js';
import { cluster } from './resources/cluster.js';
import { core } from './resources/core.js';
import { infrastructure } from './resources/infrastructure.js';
import { reviews } from './resources/reviews.js';
import { workloads } from './resources/workloads.js';
import type { Row } from './row.js';

/** Every resource that the tests do something with. */
export const rows: readonly Row[] = [...core, ...workloads, ...cluster, ...infrastructure, ...certificates, ...reviews];

/** `apps/v1 deployments` */
export function nameOf({ descriptor }: Row): string {
  return `${formatGroupVersion(descriptor)} ${descriptor.resource}`;
}
