import type { StatusCause } from '@client-ts/apimachinery/errors';
import { jsonEqual } from '../../json-equal.js';
import { forbidden, invalid } from '../../rules/causes.js';
import { type Fields, fieldsAt, listAt } from '../json-fields.js';

/** What an object may not change into, given what it was. */
export type UpdateRule = (object: Fields, old: Fields) => StatusCause[];

const PodProblem =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const TolerationProblem = 'existing toleration can not be modified except its tolerationSeconds';
const ClaimProblem =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** By type of the whole object. */
export const UpdateRules: Readonly<Record<string, UpdateRule>> = {
  'apps.v1.ControllerRevision': ({ data }, old) =>
    jsonEqual(data, old['data']) ? [] : [invalid('data', data, 'field is immutable')],
  'apps.v1.DaemonSet': immutableSpec('selector'),
  'apps.v1.Deployment': immutableSpec('selector'),
  'apps.v1.ReplicaSet': immutableSpec('selector'),
  'apps.v1.StatefulSet': immutableSpec('selector', 'serviceName', 'podManagementPolicy', 'volumeClaimTemplates'),
  'batch.v1.Job': immutableSpec('completions', 'selector', 'template', 'completionMode'),
  'core.v1.ConfigMap': immutableData,
  'core.v1.PersistentVolumeClaim': claimProblems,
  'core.v1.Pod': podProblems,
  'core.v1.Secret': (secret, old) => [
    ...(jsonEqual(secret['type'], old['type']) ? [] : [invalid('type', secret['type'], 'field is immutable')]),
    ...immutableData(secret, old),
  ],
  'core.v1.Service': (service, old) => {
    const [ip, was] = [fieldsAt(service, 'spec')['clusterIP'], fieldsAt(old, 'spec')['clusterIP']];
    if (!was || ip === was || fieldsAt(service, 'spec')['type'] === 'ExternalName') return [];
    return [invalid('spec.clusterIPs[0]', [ip], 'may not change once set')];
  },
};

function immutableSpec(...names: readonly string[]): UpdateRule {
  return (object, old) => {
    const [spec, was] = [fieldsAt(object, 'spec'), fieldsAt(old, 'spec')];
    return names.flatMap((name) =>
      jsonEqual(spec[name], was[name]) ? [] : [invalid(`spec.${name}`, spec[name], 'field is immutable')],
    );
  };
}

/** ConfigMaps and Secrets that are marked so. */
function immutableData(object: Fields, old: Fields): StatusCause[] {
  if (old['immutable'] !== true) return [];
  const changed = ['data', 'binaryData'].filter((field) => !jsonEqual(object[field] ?? {}, old[field] ?? {}));
  const fields = object['immutable'] === true ? changed : ['immutable', ...changed];
  return fields.map((field) => forbidden(field, 'field is immutable when `immutable` is set'));
}

function podProblems(pod: Fields, old: Fields): StatusCause[] {
  const [spec, was] = [fieldsAt(pod, 'spec'), fieldsAt(old, 'spec')];
  const lists = ['containers', 'initContainers'].filter(
    (list) => listAt(spec, list).length !== listAt(was, list).length,
  );
  if (lists.length > 0) {
    return lists.map((list) => forbidden(`spec.${list}`, 'pod updates may not add or remove containers'));
  }
  const keeps = listAt(was, 'tolerations').every((toleration) =>
    listAt(spec, 'tolerations').some((other) => jsonEqual(forever(other), forever(toleration))),
  );
  return [
    ...(keeps ? [] : [forbidden('spec.tolerations', TolerationProblem)]),
    ...(jsonEqual(fixedPodSpec(spec), fixedPodSpec(was)) ? [] : [forbidden('spec', PodProblem)]),
  ];
}

function forever({ tolerationSeconds: _seconds, ...toleration }: Fields): Fields {
  return toleration;
}

/** What of a pod never changes. */
function fixedPodSpec(spec: Fields): Fields {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, schedulingGates: _gates, ...rest } = spec;
  const withoutImages = (list: string): Fields[] =>
    listAt(spec, list).map(({ image: _image, ...container }) => container);
  return { ...rest, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
}

function claimProblems(claim: Fields, old: Fields): StatusCause[] {
  const bound = fieldsAt(old, 'status')['phase'] === 'Bound';
  const fixed = (object: Fields): Fields => {
    const { resources, volumeAttributesClassName, volumeName: _volume, ...rest } = fieldsAt(object, 'spec');
    return bound ? rest : { ...rest, resources, volumeAttributesClassName };
  };
  return jsonEqual(fixed(claim), fixed(old)) ? [] : [forbidden('spec', ClaimProblem)];
}
