import { jsonEqual } from '../json-equal.js';
import { type Conflict, conflictError } from './conflicts.js';
import { FieldSet } from './field-set.js';
import { managerId, type Ownership } from './managers.js';
import { mergeValues } from './merge-values.js';
import { pathsOf } from './owned-paths.js';
import { comparisons, currentOwners, lessChanged, ownable, type OwnedChange } from './ownership.js';
import { prune } from './prune.js';
import type { Shape } from './shape.js';

export interface Applied {
  readonly object: unknown;
  readonly owners: readonly Ownership[];
}

export interface ApplyOptions {
  /** Take over what others own. */
  readonly force: boolean;
  /** Conflicts about these fields do not count, when there are no others. */
  readonly yielded?: FieldSet | undefined;
}

/**
 * Makes an object what a manager wants of it: sets the fields that it names, and removes those that it named before and
 * names no more, unless somebody else owns them, too.
 *
 * @param shape - of the manager's version.
 * @throws StatusError 409 for fields that others own and that would change.
 */
export function applyConfiguration(
  change: OwnedChange,
  shape: Shape,
  live: unknown,
  wanted: unknown,
  { force, yielded = FieldSet.empty }: ApplyOptions,
): Applied {
  const { manager, now, reset, view } = change;
  const owners = currentOwners(change, live);
  const mine = owners.find((owner) => managerId(owner.manager) === managerId(manager));
  const others = owners.filter((owner) => owner !== mine);
  const fields = pathsOf(shape, wanted).without(reset);
  // Fields have other names in a version that is converted, so nothing is known to be given up there.
  const comparable = mine && view(live, mine.manager.apiVersion)?.object === live;
  const last = comparable ? mine.fields : FieldSet.empty;
  const owned = others.reduce((all, owner) => all.union(owner.fields), fields);
  const object = prune(shape, mergeValues(shape, live, wanted), last, owned);
  const compare = comparisons(change, live, object);
  const conflicts = others.flatMap(({ manager: { apiVersion }, manager: other, fields: theirs }): Conflict[] => {
    const { added = FieldSet.empty, modified = FieldSet.empty } = compare(apiVersion) ?? {};
    const contested = theirs.intersection(added.union(modified)).difference(yielded);
    return contested.isEmpty ? [] : [{ manager: other, fields: contested }];
  });
  if (!force && conflicts.length > 0) throw conflictError(conflicts);
  const time = jsonEqual(live, object) ? mine?.time : now;
  const kept = ownable(change, fields);
  return {
    object,
    owners: [...lessChanged(others, compare), ...(kept.isEmpty ? [] : [{ manager, fields: kept, time }])],
  };
}
