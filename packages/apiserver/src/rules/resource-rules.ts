import { formatGroupResource, type GroupResource } from '@client-ts/apimachinery';
import { definitionRules } from '../custom-resources/definition-rules.js';
import { daemonSetRules } from './daemon-set-rules.js';
import { jobRules } from './job-rules.js';
import { namespaceRules } from './namespace-rules.js';
import { nodeRules } from './node-rules.js';
import { persistentVolumeRules } from './persistent-volume-rules.js';
import { podRules } from './pod-rules.js';
import type { ResourceRules } from './rule-set.js';
import { serviceRules } from './service-rules.js';

const Rules: Readonly<Record<string, ResourceRules>> = {
  'customresourcedefinitions.apiextensions.k8s.io': definitionRules,
  'daemonsets.apps': daemonSetRules,
  'jobs.batch': jobRules,
  namespaces: namespaceRules,
  nodes: nodeRules,
  persistentvolumes: persistentVolumeRules,
  pods: podRules,
  services: serviceRules,
};

const None: ResourceRules = {};

export function rulesOf(resource: GroupResource): ResourceRules {
  const name = formatGroupResource(resource);
  return (Object.hasOwn(Rules, name) && Rules[name]) || None;
}
