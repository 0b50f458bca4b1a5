import type { Condition } from '@client-ts/apimachinery';
import type { Definition, DefinitionNames } from './definition.js';

export interface NamesDecision {
  readonly acceptedNames: DefinitionNames;
  /** What stands in the condition `NamesAccepted`. */
  readonly condition: Condition;
}

/**
 * Which of the names that a definition asks for it gets: within a group, each name belongs to who had it first.
 *
 * @param others - the other definitions of the same group.
 */
export function decideNames(definition: Definition, others: readonly Definition[]): NamesDecision {
  const wanted = definition.spec.names;
  const accepted = definition.status?.acceptedNames;
  const resources = new Set(others.flatMap(({ status }) => resourceNames(status?.acceptedNames)));
  const kinds = new Set(others.flatMap(({ status }) => kindNames(status?.acceptedNames)));
  const conflicts: Conflict[] = [];
  const check = (taken: ReadonlySet<string>, names: readonly string[], reason: string): boolean => {
    const inUse = names.filter((name) => taken.has(name));
    if (inUse.length > 0)
      conflicts.push({ reason, message: inUse.map((name) => `${JSON.stringify(name)} is already in use`).join(', ') });
    return inUse.length === 0;
  };
  const { plural, singular = '', shortNames = [], kind, listKind = '', categories } = wanted;
  const got: DefinitionNames = {
    plural: check(resources, [plural], 'PluralConflict') ? plural : (accepted?.plural ?? ''),
    ...pick('singular', check(resources, [singular], 'SingularConflict') ? singular : accepted?.singular),
    ...pick('shortNames', check(resources, shortNames, 'ShortNamesConflict') ? shortNames : accepted?.shortNames),
    kind: check(kinds, [kind], 'KindConflict') ? kind : (accepted?.kind ?? ''),
    ...pick('listKind', check(kinds, [listKind], 'ListKindConflict') ? listKind : accepted?.listKind),
    ...pick('categories', categories),
  };
  return { acceptedNames: got, condition: conditionOf(conflicts) };
}

interface Conflict {
  readonly reason: string;
  readonly message: string;
}

/** The last conflict names the reason, as on a real server. */
function conditionOf(conflicts: readonly Conflict[]): Condition {
  const last = conflicts.at(-1);
  if (!last) {
    return { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  }
  return { type: 'NamesAccepted', status: 'False', reason: last.reason, message: last.message };
}

function pick<F extends keyof DefinitionNames>(
  field: F,
  value: DefinitionNames[F] | undefined,
): Partial<DefinitionNames> {
  const empty = value === undefined || value.length === 0;
  return empty ? {} : { [field]: value };
}

function resourceNames(names: DefinitionNames | undefined): string[] {
  return names ? [names.plural, names.singular ?? '', ...(names.shortNames ?? [])].filter((name) => name !== '') : [];
}

function kindNames(names: DefinitionNames | undefined): string[] {
  return names ? [names.kind, names.listKind ?? ''].filter((name) => name !== '') : [];
}
