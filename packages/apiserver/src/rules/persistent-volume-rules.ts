import type { KubernetesObject } from '@client-ts/apimachinery';
import type { ResourceRules } from './rule-set.js';

interface PersistentVolume extends KubernetesObject {
  status?: unknown;
}

export const persistentVolumeRules: ResourceRules = {
  initial(object, now) {
    const volume: PersistentVolume = { ...object, status: { phase: 'Pending', lastPhaseTransitionTime: now } };
    return volume;
  },
};
