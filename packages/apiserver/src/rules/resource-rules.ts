import { formatGroupResource, type GroupResource, type KubernetesObject } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import { definitionRules } from '../custom-resources/definition-rules.js';
import { jobRules } from './job-rules.js';
import type { NameRule } from './name-rules.js';
import { namespaceRules } from './namespace-rules.js';
import { persistentVolumeRules } from './persistent-volume-rules.js';
import { podRules } from './pod-rules.js';
import { serviceRules } from './service-rules.js';
import { deploymentRules } from './status-metadata-rules.js';

/** What the server does with the objects of one resource only. All functions are pure. */
export interface ResourceRules {
  /** What a new object is like, whatever the client sent; `now` is a time as Kubernetes writes it. */
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

const Rules: Readonly<Record<string, ResourceRules>> = {
  'customresourcedefinitions.apiextensions.k8s.io': definitionRules,
  'deployments.apps': deploymentRules,
  'jobs.batch': jobRules,
  namespaces: namespaceRules,
  persistentvolumes: persistentVolumeRules,
  pods: podRules,
  services: serviceRules,
};

const None: ResourceRules = {};

export function rulesOf(resource: GroupResource): ResourceRules {
  const name = formatGroupResource(resource);
  return (Object.hasOwn(Rules, name) && Rules[name]) || None;
}
