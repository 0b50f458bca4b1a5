import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ResourceRules } from './rule-set.js';

/** Resources whose status brings all of its metadata but one field, which stays as it is. */
function keeps(field: 'labels' | 'ownerReferences'): ResourceRules {
  return {
    changed(object, current, subresource) {
      if (subresource !== 'status') return object;
      const { [field]: _sent, ...metadata } = object.metadata ?? {};
      const kept = current.metadata?.[field];
      const changed: KubernetesObject = {
        ...object,
        metadata: kept === undefined ? metadata : { ...metadata, [field]: kept },
      };
      return changed;
    },
  };
}

export const deploymentRules: ResourceRules = keeps('labels');
export const podStatusRules: ResourceRules = keeps('ownerReferences');
