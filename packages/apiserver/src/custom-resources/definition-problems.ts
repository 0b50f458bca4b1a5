import type { StatusCause } from '@client-ts/apimachinery/errors';
import { isDNS1035Label, isDNS1123Subdomain } from '@client-ts/apimachinery/validation';
import { jsonEqual } from '../json-equal.js';
import { invalid, required, unsupported } from '../rules/causes.js';
import { type Definition, type DefinitionNames, isEstablished, storageVersionOf } from './definition.js';

type Version = Definition['spec']['versions'][number];

/** What is wrong with a definition, its schemas aside. */
export function definitionProblems(definition: Definition): StatusCause[] {
  const spec: Partial<Definition['spec']> = definition.spec ?? {};
  const { group = '', scope = '', versions = [], names = { plural: '', kind: '' } } = spec;
  return [
    ...groupProblems(group, definition),
    ...scopeProblems(scope),
    ...versionsProblems(versions),
    ...namesProblems(names),
    ...conversionProblems(spec),
    ...storedVersionsProblems(definition),
  ];
}

/** What of a definition that is in use may not be changed. */
export function definitionChangeProblems(definition: Definition, current: Definition): StatusCause[] {
  const immutable = (field: string, value: unknown, before: unknown): StatusCause[] =>
    jsonEqual(value, before) ? [] : [invalid(field, value, 'field is immutable')];
  const causes = immutable('spec.group', definition.spec.group, current.spec.group);
  if (!isEstablished(current)) return causes;
  const { scope, names } = definition.spec;
  return [
    ...causes,
    ...immutable('spec.scope', scope, current.spec.scope),
    ...immutable('spec.names.kind', names.kind, current.spec.names.kind),
    ...immutable('spec.names.plural', names.plural, current.spec.names.plural),
  ];
}

function groupProblems(group: string, { metadata }: Definition): StatusCause[] {
  if (group === '') return [required('spec.group')];
  const problems = isDNS1123Subdomain(group);
  if (problems.length === 0 && !group.includes('.')) problems.push('should be a domain with at least one dot');
  const causes = problems.map((problem) => invalid('spec.group', group, problem));
  const isProtected = /(^|\.)(k8s|kubernetes)\.io$/.test(group);
  const annotation = 'api-approved.kubernetes.io';
  if (isProtected && !metadata?.annotations?.[annotation]) {
    const problem = `protected groups must have approval annotation "${annotation}", see https://github.com/kubernetes/enhancements/pull/1111`;
    causes.push(required(`metadata.annotations[${annotation}]`, problem));
  }
  return causes;
}

function conversionProblems({ conversion, preserveUnknownFields }: Partial<Definition['spec']>): StatusCause[] {
  const causes: StatusCause[] = [];
  const strategy = conversion?.strategy ?? 'None';
  if (strategy !== 'None' && strategy !== 'Webhook') {
    causes.push(unsupported('spec.conversion.strategy', strategy, ['None', 'Webhook']));
  }
  if (preserveUnknownFields) {
    const problem =
      'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
    causes.push(invalid('spec.preserveUnknownFields', true, problem));
  }
  return causes;
}

function scopeProblems(scope: string): StatusCause[] {
  if (scope === '') return [required('spec.scope')];
  return scope === 'Cluster' || scope === 'Namespaced'
    ? []
    : [unsupported('spec.scope', scope, ['Cluster', 'Namespaced'])];
}

function versionsProblems(versions: readonly Version[]): StatusCause[] {
  const causes = versions.flatMap((version, i) =>
    versionProblems(version, `spec.versions[${i}]`, versions.length === 1),
  );
  if (new Set(versions.map(({ name }) => name)).size < versions.length) {
    causes.push(invalid('spec.versions', versions, 'must contain unique version names'));
  }
  if (versions.filter(({ storage }) => storage).length !== 1) {
    causes.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  }
  return causes;
}

function versionProblems({ name, schema, subresources }: Version, field: string, single: boolean): StatusCause[] {
  const causes = isDNS1035Label(name ?? '').map((problem) => invalid(`${field}.name`, name ?? '', problem));
  if (!schema?.openAPIV3Schema) causes.push(required(`${field}.schema.openAPIV3Schema`));
  const scale = subresources?.scale;
  if (scale) {
    // What all versions have in common is named as if it stood beside them.
    const place = `${single ? 'spec' : field}.subresources.scale`;
    causes.push(...pathProblems(scale.specReplicasPath, `${place}.specReplicasPath`, '.spec'));
    causes.push(...pathProblems(scale.statusReplicasPath, `${place}.statusReplicasPath`, '.status'));
  }
  return causes;
}

function pathProblems(path: string | undefined, field: string, root: string): StatusCause[] {
  if (!path) return [required(field)];
  if (!/^\.[\w-]+(\.[\w-]+)*$/.test(path)) return [invalid(field, path, 'must be a simple json path starting with .')];
  return path.startsWith(`${root}.`) ? [] : [invalid(field, path, `should be a json path under ${root}`)];
}

function namesProblems(names: DefinitionNames): StatusCause[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  const causes = [
    ...labelProblems('spec.names.plural', plural),
    ...labelProblems('spec.names.singular', singular),
    ...kindProblems('spec.names.kind', kind),
    ...kindProblems('spec.names.listKind', listKind),
    ...shortNames.flatMap((name, i) => labelProblems(`spec.names.shortNames[${i}]`, name)),
    ...categories.flatMap((name, i) => labelProblems(`spec.names.categories[${i}]`, name)),
  ];
  if (kind && kind === listKind) {
    causes.push(invalid('spec.names.listKind', listKind, 'kind and listKind may not be the same'));
  }
  return causes;
}

function labelProblems(field: string, name: string | undefined): StatusCause[] {
  if (!name) return [required(field)];
  return isDNS1035Label(name).map((problem) => invalid(field, name, problem));
}

function kindProblems(field: string, kind: string | undefined): StatusCause[] {
  if (!kind) return [required(field)];
  const problems = isDNS1035Label(kind.toLowerCase());
  return problems.map((problem) => invalid(field, kind, `may have mixed case, but should otherwise match: ${problem}`));
}

/** Versions that objects may be stored in must stay known. */
function storedVersionsProblems(definition: Definition): StatusCause[] {
  const field = 'status.storedVersions';
  const stored = definition.status?.storedVersions ?? [];
  if (stored.length === 0) return [invalid(field, null, 'must have at least one stored version')];
  const known = new Set((definition.spec?.versions ?? []).map(({ name }) => name));
  const causes = stored.flatMap((version, i) => {
    if (known.has(version)) return [];
    const problem = `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
    return [invalid(`${field}[${i}]`, version, problem)];
  });
  const storage = storageVersionOf(definition);
  if (storage !== undefined && !stored.includes(storage)) {
    causes.push(invalid(field, stored, `must have the storage version ${storage}`));
  }
  return causes;
}
