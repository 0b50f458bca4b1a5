import { compareValues, type Comparison } from './comparison.js';
import { FieldSet } from './field-set.js';
import { type Manager, managerId, type Ownership } from './managers.js';
import type { Shape } from './shape.js';
import { withoutPartsOfWholes } from './shaped-fields.js';

/** An object as one version shows it. */
export interface View {
  readonly shape: Shape;
  readonly object: unknown;
}

/** A change of an object by one manager. */
export interface OwnedChange {
  readonly manager: Manager;
  /** RFC 3339. */
  readonly now: string;
  readonly owners: readonly Ownership[];
  /** Fields that this way of writing cannot set: nobody gains or loses them, whatever is sent. */
  readonly reset: FieldSet;
  /** An object of the manager's version in another one; `undefined` when there is no such version any more. */
  readonly view: (object: unknown, apiVersion: string) => View | undefined;
}

/** Fields that nobody owns: the server decides over them, or they say which object it is. */
const Unowned = /* @__PURE__ */ FieldSet.parse({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:clusterName': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
});

/** What can be owned of these fields. */
export function ownable({ reset }: OwnedChange, fields: FieldSet): FieldSet {
  return fields.without(reset).difference(Unowned);
}

/** Who owns what after a manager has made `after` out of `before`: it has what it changed, and others have it no more. */
export function ownersAfterUpdate(change: OwnedChange, before: unknown, after: unknown): readonly Ownership[] {
  const { manager, now } = change;
  const compare = comparisons(change, before, after);
  const owners = lessChanged(currentOwners(change, before), compare);
  const { added, modified } = compare(manager.apiVersion) ?? Same;
  const gained = ownable(change, added.union(modified));
  if (gained.isEmpty) return owners;
  const isSame = (owner: Ownership): boolean => managerId(owner.manager) === managerId(manager);
  const had = owners.find(isSame)?.fields ?? FieldSet.empty;
  return [...owners.filter((owner) => !isSame(owner)), { manager, fields: had.union(gained), time: now }];
}

/** The owners that still count, with what they own in the terms of today's schema. */
export function currentOwners({ owners, view }: OwnedChange, object: unknown): readonly Ownership[] {
  return owners.flatMap((owner) => {
    const seen = view(object, owner.manager.apiVersion);
    return seen ? [{ ...owner, fields: withoutPartsOfWholes(seen.shape, owner.fields) }] : [];
  });
}

const Same: Comparison = { added: FieldSet.empty, modified: FieldSet.empty, removed: FieldSet.empty };

/** What a change looks like in each version. */
export type Comparisons = (apiVersion: string) => Comparison | undefined;

export function comparisons({ reset, view }: OwnedChange, before: unknown, after: unknown): Comparisons {
  const known = new Map<string, Comparison | undefined>();
  return (apiVersion) => {
    if (known.has(apiVersion)) return known.get(apiVersion);
    const [old, now] = [view(before, apiVersion), view(after, apiVersion)];
    const found = old && now && compareValues(now.shape, old.object, now.object);
    const comparison = found && {
      added: found.added.without(reset),
      modified: found.modified.without(reset),
      removed: found.removed.without(reset),
    };
    known.set(apiVersion, comparison);
    return comparison;
  };
}

/** Owners without what has been changed; those that are left with nothing go. */
export function lessChanged(owners: readonly Ownership[], compare: Comparisons): readonly Ownership[] {
  return owners
    .map((owner) => {
      const { added, modified, removed } = compare(owner.manager.apiVersion) ?? Same;
      return { ...owner, fields: owner.fields.difference(added).difference(modified).difference(removed) };
    })
    .filter(({ fields }) => !fields.isEmpty);
}
