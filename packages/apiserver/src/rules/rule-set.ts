import type { KubernetesObject } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import type { NameRule } from './name-rules.js';

/** What the server does with the objects of one resource only. All functions are pure. */
export interface ResourceRules {
  /**
   * What a new object is like, whatever the client sent, given that its status has been reset; `now` is a time as
   * Kubernetes writes it.
   */
  readonly initial?: (object: KubernetesObject, now: string) => KubernetesObject;
  /** What a changed object is like, after status and the like were taken from the stored one. */
  readonly changed?: (object: KubernetesObject, current: KubernetesObject, subresource: string) => KubernetesObject;
  /** What its name has to be. Default: by resource. */
  readonly name?: (object: KubernetesObject) => NameRule;
  /** What is wrong with the object beyond its metadata; `current` is absent for a new one. */
  readonly problems?: (
    object: KubernetesObject,
    current: KubernetesObject | undefined,
    subresource: string,
  ) => StatusCause[];
}
