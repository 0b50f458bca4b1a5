import { schema } from '@client-ts/api/schema';
import { formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import { builtInResources } from '../../built-in-resources.js';
import { checkBuiltIn } from '../built-in-checker.js';

/** Objects that are valid but for what a test changes. `undefined` takes a field away. */

type Fields = Record<string, unknown>;

const ApiVersions: Readonly<Record<string, string>> = {
  CronJob: 'batch/v1',
  DaemonSet: 'apps/v1',
  Deployment: 'apps/v1',
  Job: 'batch/v1',
  Lease: 'coordination.k8s.io/v1',
  ReplicaSet: 'apps/v1',
  StatefulSet: 'apps/v1',
};

const OnePod = { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] };

export function object(kind: string, fields: Fields = {}): object {
  return JSON.parse(
    JSON.stringify({ apiVersion: ApiVersions[kind] ?? 'v1', kind, metadata: { name: 'x' }, ...fields }),
  ) as object;
}

export function pod(spec: Fields = {}): object {
  return object('Pod', { spec: { containers: [{ name: 'c', image: 'i' }], ...spec } });
}

export function container(fields: Fields): object {
  return pod({ containers: [{ name: 'c', image: 'i', ...fields }] });
}

export function workload(kind: string, spec: Fields = {}): object {
  const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'c', image: 'i' }] } };
  return object(kind, { spec: { selector: { matchLabels: { app: 'x' } }, template, ...spec } });
}

export function job(spec: Fields = {}): object {
  return object('Job', { spec: { template: { spec: OnePod }, ...spec } });
}

export function cronJob(spec: Fields = {}): object {
  const jobTemplate = { spec: { template: { spec: OnePod } } };
  return object('CronJob', { spec: { schedule: '* * * * *', jobTemplate, ...spec } });
}

export function service(spec: Fields = {}): object {
  return object('Service', { spec: { ports: [{ port: 80 }], ...spec } });
}

/** What is found wrong with a new object, or with one that was another before. */
export function problemsOf(given: KubernetesObject, old?: KubernetesObject): string[] {
  const resource = builtInResources().find(
    (candidate) => candidate.kind === given.kind && formatGroupVersion(candidate) === given.apiVersion,
  );
  const operation = old ? 'update' : 'create';
  const { causes, decodeError } = checkBuiltIn(schema, resource?.type ?? '', {
    resource: resource!,
    subresource: '',
    operation,
    object: given,
    old,
    fieldValidation: 'Ignore',
  });
  if (decodeError !== undefined) throw new Error(decodeError);
  return causes.map(({ field, message }) => `${field}: ${withoutExamples(message ?? '')}`);
}

function withoutExamples(message: string): string {
  return message.replace(/ \(e\.g\. .*\)$/s, '');
}
