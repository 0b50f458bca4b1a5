import type { KubernetesObject } from '@client-ts/apimachinery';
import { isDNS1123Subdomain } from '@client-ts/apimachinery/validation';
import type { ResourceRules } from '../rules/rule-set.js';
import { type Definition, type DefinitionNames, storageVersionOf } from './definition.js';
import { definitionChangeProblems, definitionProblems } from './definition-problems.js';

export const definitionRules: ResourceRules = {
  initial(object) {
    const definition = withDefaults(object as Definition);
    const storageVersion = storageVersionOf(definition);
    return {
      ...definition,
      // Go writes these empty fields: a client may wait for the names to be accepted.
      status: {
        conditions: null,
        acceptedNames: { plural: '', kind: '' },
        ...(storageVersion === undefined ? { storedVersions: null } : { storedVersions: [storageVersion] }),
      },
    } as KubernetesObject;
  },
  changed(object, _current, subresource) {
    if (subresource === 'status') return object;
    const definition = withDefaults(object as Definition);
    const storageVersion = storageVersionOf(definition);
    const stored = definition.status?.storedVersions ?? [];
    if (storageVersion === undefined || stored.includes(storageVersion)) return definition;
    return { ...definition, status: { ...definition.status, storedVersions: [...stored, storageVersion] } };
  },
  name(object) {
    const { group = '', names } = (object as Partial<Definition>).spec ?? {};
    const wanted = `${names?.plural ?? ''}.${group}`;
    return (name) => (name === wanted ? isDNS1123Subdomain(name) : ['must be spec.names.plural+"."+spec.group']);
  },
  problems(object, current, subresource) {
    if (subresource === 'status') return [];
    const definition = object as Definition;
    const changes = current ? definitionChangeProblems(definition, current as Definition) : [];
    return [...definitionProblems(definition), ...changes];
  },
};

function withDefaults(definition: Definition): Definition {
  const { spec } = definition;
  if (!spec) return definition;
  const { kind = '' } = (spec.names as Partial<DefinitionNames> | undefined) ?? {};
  const names = {
    ...spec.names,
    ...(kind === '' ? {} : { singular: spec.names.singular || kind.toLowerCase() }),
    ...(kind === '' ? {} : { listKind: spec.names.listKind || `${kind}List` }),
  };
  return { ...definition, spec: { ...spec, names, conversion: spec.conversion ?? { strategy: 'None' } } };
}
