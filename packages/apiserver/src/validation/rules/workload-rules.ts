import type { StatusCause } from '@client-ts/apimachinery/errors';
import { forbidden, invalid, unsupported, required } from '../../rules/causes.js';
import { type Fields, fieldsAt, isFields, textAt } from '../json-fields.js';
import { amountProblems, atMostWhole, isNothing, nonNegative } from './numbers.js';
import type { Rule } from './rule.js';
import { isEmptySelector, mismatch, templateLabels, workloadSelectorProblems } from './selector-rules.js';

/** Rules of the workloads, by type. */
export const WorkloadRules: Readonly<Record<string, Rule>> = {
  'apps.v1.DaemonSetSpec': (spec, path) => [
    ...daemonSetSelectorProblems(spec, path),
    ...alwaysRestarts(spec, path),
    ...nonNegative(spec, path, 'minReadySeconds', 'revisionHistoryLimit'),
    ...strategyTypeProblems(spec, `${path}.updateStrategy`, 'updateStrategy', ['RollingUpdate', 'OnDelete']),
  ],
  'apps.v1.DeploymentSpec': (spec, path) => [
    ...nonNegative(spec, path, 'replicas'),
    ...workloadSelectorProblems(spec, path, 'empty selector is invalid for deployment'),
    ...alwaysRestarts(spec, path),
    ...deploymentStrategyProblems(fieldsAt(spec, 'strategy'), `${path}.strategy`),
    ...nonNegative(spec, path, 'minReadySeconds', 'revisionHistoryLimit'),
    ...progressDeadlineProblems(spec, path),
  ],
  'apps.v1.ReplicaSetSpec': (spec, path) => [
    ...nonNegative(spec, path, 'replicas', 'minReadySeconds'),
    ...workloadSelectorProblems(spec, path, 'empty selector is invalid for deployment'),
    ...alwaysRestarts(spec, path),
  ],
  'apps.v1.StatefulSetSpec': (spec, path) => [
    ...podManagementProblems(spec, path),
    ...statefulSetStrategyProblems(spec, path),
    ...nonNegative(spec, path, 'replicas', 'minReadySeconds', 'revisionHistoryLimit'),
    ...workloadSelectorProblems(spec, path, 'empty selector is invalid for statefulset'),
    ...alwaysRestarts(spec, path),
  ],
  'batch.v1.CronJobSpec': (spec, path) => [
    ...scheduleProblems(spec, path),
    ...timeZoneProblems(spec, path),
    ...nonNegative(spec, path, 'startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'),
  ],
  'batch.v1.JobSpec': (spec, path) => [
    ...nonNegative(
      spec,
      path,
      'parallelism',
      'completions',
      'activeDeadlineSeconds',
      'backoffLimit',
      'ttlSecondsAfterFinished',
    ),
    ...jobSelectorProblems(spec, path),
    ...jobRestartProblems(spec, path),
  ],
  'core.v1.ReplicationControllerSpec': (spec, path) => [
    ...nonNegative(spec, path, 'replicas', 'minReadySeconds'),
    ...(Object.keys(fieldsAt(spec, 'selector')).length > 0 ? [] : [required(`${path}.selector`)]),
    ...(isFields(spec['template']) ? replicationControllerProblems(spec, path) : [required(`${path}.template`)]),
  ],
};

function daemonSetSelectorProblems(spec: Fields, path: string): StatusCause[] {
  if (!isFields(spec['selector'])) return [mismatch(path, templateLabels(spec))];
  return workloadSelectorProblems(spec, path, 'empty selector is invalid for daemonset');
}

/** Only jobs and bare pods may end. */
function alwaysRestarts(spec: Fields, path: string): StatusCause[] {
  const policy = fieldsAt(fieldsAt(spec, 'template'), 'spec')['restartPolicy'];
  if (policy === 'Always' || policy === undefined) return [];
  return [unsupported(`${path}.template.spec.restartPolicy`, policy, ['Always'])];
}

/** The whole strategy is shown where its type is wrong, under the names of Go's fields. */
function strategyTypeProblems(spec: Fields, path: string, field: string, supported: readonly string[]): StatusCause[] {
  const { type } = fieldsAt(spec, field);
  if (typeof type !== 'string' || supported.includes(type)) return [];
  return [unsupported(path, { Type: type, RollingUpdate: null }, supported)];
}

function deploymentStrategyProblems(strategy: Fields, path: string): StatusCause[] {
  const { type, rollingUpdate } = strategy;
  if (type === 'Recreate') {
    if (rollingUpdate === undefined) return [];
    return [forbidden(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'")];
  }
  if (type !== 'RollingUpdate') {
    return strategyTypeProblems({ strategy }, path, 'strategy', ['Recreate', 'RollingUpdate']);
  }
  const { maxUnavailable, maxSurge } = fieldsAt(strategy, 'rollingUpdate');
  const update = `${path}.rollingUpdate`;
  const causes = [
    ...amountProblems(`${update}.maxUnavailable`, maxUnavailable),
    ...amountProblems(`${update}.maxSurge`, maxSurge),
  ];
  if (causes.length === 0 && isNothing(maxUnavailable) && isNothing(maxSurge)) {
    causes.push(invalid(`${update}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  return [...causes, ...atMostWhole(`${update}.maxUnavailable`, maxUnavailable)];
}

function statefulSetStrategyProblems(spec: Fields, path: string): StatusCause[] {
  const { type } = fieldsAt(spec, 'updateStrategy');
  if (type === 'RollingUpdate' || type === 'OnDelete' || type === undefined) return [];
  const strategy = { Type: type, RollingUpdate: null };
  return [invalid(`${path}.updateStrategy`, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
}

function podManagementProblems(spec: Fields, path: string): StatusCause[] {
  const { podManagementPolicy: policy } = spec;
  if (policy === 'OrderedReady' || policy === 'Parallel' || policy === undefined) return [];
  return [invalid(`${path}.podManagementPolicy`, policy, "must be 'OrderedReady' or 'Parallel'")];
}

function progressDeadlineProblems(spec: Fields, path: string): StatusCause[] {
  const { progressDeadlineSeconds: deadline, minReadySeconds = 0 } = spec;
  if (typeof deadline !== 'number') return [];
  const field = `${path}.progressDeadlineSeconds`;
  const negative = nonNegative(spec, path, 'progressDeadlineSeconds');
  if (deadline > Number(minReadySeconds)) return negative;
  return [...negative, invalid(field, deadline, 'must be greater than minReadySeconds')];
}

function scheduleProblems(spec: Fields, path: string): StatusCause[] {
  const schedule = textAt(spec, 'schedule');
  // Every descriptor begins with @; anything else has five fields, after the time zone if there is one.
  if (schedule === '' || schedule.startsWith('@')) return [];
  const parts = schedule.trim().split(/\s+/);
  if (parts[0]?.includes('TZ=')) parts.shift();
  if (parts.length === 5) return [];
  const problem = `expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`;
  return [invalid(`${path}.schedule`, schedule, problem)];
}

function timeZoneProblems({ timeZone }: Fields, path: string): StatusCause[] {
  if (typeof timeZone !== 'string') return [];
  try {
    Intl.DateTimeFormat('en', { timeZone });
    return [];
  } catch {
    return [invalid(`${path}.timeZone`, timeZone, `unknown time zone ${timeZone}`)];
  }
}

/** The server makes up selector and labels of a job unless `manualSelector` says that the client does. */
function jobSelectorProblems(spec: Fields, path: string): StatusCause[] {
  const { selector, manualSelector } = spec;
  if (!isFields(selector) || manualSelector !== true) return [];
  return isEmptySelector(selector) ? [required(`${path}.selector`)] : workloadSelectorProblems(spec, path, '');
}

function jobRestartProblems(spec: Fields, path: string): StatusCause[] {
  const policy = fieldsAt(fieldsAt(spec, 'template'), 'spec')['restartPolicy'];
  if (policy === 'OnFailure' || policy === 'Never') return [];
  const field = `${path}.template.spec.restartPolicy`;
  if (policy === 'Always' || policy === undefined) return [required(field, 'valid values: "OnFailure", "Never"')];
  return [unsupported(field, policy, ['OnFailure', 'Never'])];
}

function replicationControllerProblems(spec: Fields, path: string): StatusCause[] {
  const labels = templateLabels(spec) ?? {};
  const selected = Object.entries(fieldsAt(spec, 'selector')).every(([key, value]) => labels[key] === value);
  return [...(selected ? [] : [mismatch(path, labels)]), ...alwaysRestarts(spec, path)];
}
