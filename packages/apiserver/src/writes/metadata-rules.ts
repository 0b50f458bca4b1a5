import { formatGroupResource, type ObjectMeta } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import {
  isDNS1035Label,
  isDNS1123Label,
  isDNS1123Subdomain,
  isQualifiedName,
  isValidLabelValue,
} from '@client-ts/apimachinery/validation';
import { jsonEqual } from '../json-equal.js';
import type { ServedResource } from '../resource-registry.js';

type Rule = (value: string) => string[];

const MaxAnnotationBytes = 256 * 1024;

/** What names have to be where it is not a DNS subdomain. */
const NameRules: Readonly<Record<string, Rule>> = {
  namespaces: isDNS1123Label,
  services: isDNS1035Label,
  'roles.rbac.authorization.k8s.io': pathSegment,
  'rolebindings.rbac.authorization.k8s.io': pathSegment,
  'clusterroles.rbac.authorization.k8s.io': pathSegment,
  'clusterrolebindings.rbac.authorization.k8s.io': pathSegment,
};

/** What is wrong with the metadata of an object about to be created. */
export function metadataProblems(resource: ServedResource, metadata: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  const { name = '', generateName = '' } = metadata;
  if (name === '') causes.push(required('metadata.name', 'name or generateName is required'));
  else causes.push(...nameRuleOf(resource)(name).map((problem) => invalid('metadata.name', name, problem)));
  if (generateName !== '') {
    // A prefix may end in what a name may not.
    const masked = generateName.replace(/-$/, 'a');
    const problems = nameRuleOf(resource)(masked);
    causes.push(...problems.map((problem) => invalid('metadata.generateName', generateName, problem)));
  }
  return [...causes, ...commonProblems(metadata)];
}

/** What is wrong with the metadata of an object about to be replaced. */
export function metadataUpdateProblems(metadata: ObjectMeta, old: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  const added = (metadata.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer));
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const found = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    causes.push({
      reason: 'FieldValueForbidden',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`,
      field: 'metadata.finalizers',
    });
  }
  for (const field of ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (!jsonEqual(metadata[field], old[field])) {
      causes.push(invalid(`metadata.${field}`, metadata[field], 'field is immutable'));
    }
  }
  return [...causes, ...commonProblems(metadata)];
}

function commonProblems(metadata: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    causes.push(...isQualifiedName(key).map((problem) => invalid('metadata.labels', key, problem)));
    causes.push(...isValidLabelValue(value).map((problem) => invalid('metadata.labels', value, problem)));
  }
  let bytes = 0;
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    const problems = isQualifiedName(key.toLowerCase());
    causes.push(...problems.map((problem) => invalid('metadata.annotations', key, problem)));
    bytes += key.length + value.length;
  }
  if (bytes > MaxAnnotationBytes) {
    const message = `Too long: may not be more than ${MaxAnnotationBytes} bytes`;
    causes.push({ reason: 'FieldValueTooLong', message, field: 'metadata.annotations' });
  }
  for (const finalizer of metadata.finalizers ?? []) {
    const problems = isQualifiedName(finalizer);
    causes.push(...problems.map((problem) => invalid('metadata.finalizers', finalizer, problem)));
  }
  return causes;
}

function nameRuleOf(resource: ServedResource): Rule {
  const name = formatGroupResource(resource);
  return (Object.hasOwn(NameRules, name) && NameRules[name]) || isDNS1123Subdomain;
}

function pathSegment(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((text) => name.includes(text)).map((text) => `may not contain '${text}'`);
}

function required(field: string, problem: string): StatusCause {
  return { reason: 'FieldValueRequired', message: `Required value: ${problem}`, field };
}

function invalid(field: string, value: unknown, problem: string): StatusCause {
  const shown = value === undefined ? 'null' : JSON.stringify(value);
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${shown}: ${problem}`, field };
}
