import { type ObjectMeta, type OwnerReference } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import { isQualifiedName, isValidLabelValue } from '@client-ts/apimachinery/validation';
import { jsonEqual } from '../json-equal.js';
import { forbidden, invalid, required, tooLong } from '../rules/causes.js';
import type { NameRule } from '../rules/name-rules.js';

const MaxAnnotationBytes = 256 * 1024;
/** Finalizers without a domain that the server knows. */
const StandardFinalizers: ReadonlySet<string> = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** What is wrong with the metadata of an object about to be created. */
export function metadataProblems(metadata: ObjectMeta, rule: NameRule): StatusCause[] {
  const causes: StatusCause[] = [];
  const { name = '', generateName = '' } = metadata;
  if (generateName !== '') {
    // A prefix may end in what a name may not.
    const problems = rule(generateName.replace(/-$/, 'a'));
    causes.push(...problems.map((problem) => invalid('metadata.generateName', generateName, problem)));
  }
  if (name === '') causes.push(required('metadata.name', 'name or generateName is required'));
  else causes.push(...rule(name).map((problem) => invalid('metadata.name', name, problem)));
  return [...causes, ...commonProblems(metadata)];
}

/** What is wrong with the metadata of an object about to be replaced. */
export function metadataUpdateProblems(metadata: ObjectMeta, old: ObjectMeta): StatusCause[] {
  const causes = commonProblems(metadata);
  const added = (metadata.finalizers ?? []).filter((finalizer) => !old.finalizers?.includes(finalizer));
  if (old.deletionTimestamp !== undefined && added.length > 0) {
    const found = added.map((finalizer) => JSON.stringify(finalizer)).join(', ');
    const problem = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`;
    causes.push(forbidden('metadata.finalizers', problem));
  }
  for (const field of ['name', 'namespace', 'uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    if (jsonEqual(metadata[field], old[field])) continue;
    causes.push(invalid(`metadata.${field}`, metadata[field], 'field is immutable'));
  }
  return causes;
}

function commonProblems({ labels, annotations, ownerReferences = [], finalizers = [] }: ObjectMeta): StatusCause[] {
  const causes: StatusCause[] = [];
  for (const key of Object.keys(labels ?? {}).toSorted()) {
    const value = labels?.[key] ?? '';
    causes.push(...isQualifiedName(key).map((problem) => invalid('metadata.labels', key, problem)));
    causes.push(...isValidLabelValue(value).map((problem) => invalid('metadata.labels', value, problem)));
  }
  let bytes = 0;
  for (const key of Object.keys(annotations ?? {}).toSorted()) {
    const problems = isQualifiedName(key.toLowerCase());
    causes.push(...problems.map((problem) => invalid('metadata.annotations', key, problem)));
    bytes += key.length + (annotations?.[key]?.length ?? 0);
  }
  if (bytes > MaxAnnotationBytes) causes.push(tooLong('metadata.annotations', MaxAnnotationBytes));
  return [...causes, ...ownerProblems(ownerReferences), ...finalizerProblems(finalizers)];
}

function ownerProblems(owners: readonly OwnerReference[]): StatusCause[] {
  const field = 'metadata.ownerReferences';
  const causes: StatusCause[] = owners.flatMap((owner, i) => {
    const missing = (['apiVersion', 'kind', 'name', 'uid'] as const).filter((part) => !owner[part]);
    const problems = missing.map((part) => required(`${field}[${i}].${part}`, 'must not be empty'));
    if ((owner.apiVersion ?? '').split('/').length > 2) {
      problems.push(invalid(`${field}[${i}].apiVersion`, owner.apiVersion, 'must be <group>/<version> or <version>'));
    }
    if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
      problems.push(invalid(`${field}[${i}]`, owner, '/v1, Kind=Event is disallowed from being an owner'));
    }
    return problems;
  });
  const [first, second] = owners.filter(({ controller }) => controller);
  if (first && second) {
    const found = `${first.kind}/${first.name} and ${second.kind}/${second.name}`;
    const problem = `Only one reference can have Controller set to true. Found "true" in references for ${found}`;
    causes.push(invalid(field, owners, problem));
  }
  return causes;
}

function finalizerProblems(finalizers: readonly string[]): StatusCause[] {
  const field = 'metadata.finalizers';
  const causes = finalizers.flatMap((finalizer) =>
    isQualifiedName(finalizer).map((problem) => invalid(field, finalizer, problem)),
  );
  for (const [i, finalizer] of finalizers.entries()) {
    if (finalizer.includes('/') || StandardFinalizers.has(finalizer)) continue;
    const problem = 'name is neither a standard finalizer name nor is it fully qualified';
    causes.push(invalid(`${field}[${i}]`, finalizer, problem));
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    causes.push(invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'));
  }
  return causes;
}
