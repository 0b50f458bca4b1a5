import { formatGroupResource } from '@client-ts/apimachinery';
import type { ServedResource } from '../resource-registry.js';
import { strategyOf } from '../strategy.js';
import { FieldSet } from './field-set.js';
import { fieldElement } from './path-element.js';

const Nothing: readonly string[] = [];
const CertificateSigningRequests = 'certificatesigningrequests.certificates.k8s.io';

/**
 * The fields that a way of writing does not set, whatever is sent: who writes so cannot own them.
 *
 * Observed on kube-apiserver 1.37.
 */
export function resetFields(resource: ServedResource, subresource: string): FieldSet {
  return pathsReset(resource, subresource).reduce(
    (set, path) => set.union(FieldSet.path(path.split('.').map(fieldElement))),
    FieldSet.empty,
  );
}

function pathsReset(resource: ServedResource, subresource: string): readonly string[] {
  const { status, statusKeeps } = strategyOf(resource);
  const isRequest = formatGroupResource(resource) === CertificateSigningRequests;
  switch (subresource) {
    case '':
    case 'finalize':
      return [...(isRequest ? ['spec'] : []), ...(status ? ['status'] : [])];
    case 'status':
      return ['spec', ...statusKeeps, ...(isRequest ? ['status.conditions'] : [])];
    case 'approval':
      return ['spec', 'status.certificate'];
    default:
      return Nothing;
  }
}
