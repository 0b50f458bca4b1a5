import {
  formatGroupVersion,
  type KubernetesObject,
  type ManagedFieldsEntry,
  parseGroupVersion,
} from '@client-ts/apimachinery';
import { storedUnder } from '../cluster.js';
import { converts, fromStorage, toStorage } from '../conversion/conversion.js';
import type { ServedResource } from '../resource-registry.js';
import { timeNow } from '../writes/time-text.js';
import type { WriteContext } from '../writes/write-context.js';
import { withAncientTogether } from './ancient-changes.js';
import { builtInShape } from './built-in-shape.js';
import { customShape } from './custom-shape.js';
import { formatManagedFields, type Manager, type Ownership, parseManagedFields } from './managers.js';
import { type OwnedChange, ownersAfterUpdate } from './ownership.js';
import { resetFields } from './reset-fields.js';
import { Any, type Shape } from './shape.js';
import { zeroObject } from './zero-object.js';

/** Who owns what was there before ownership was known. */
const BeforeFirstApply = 'before-first-apply';

/** What ownership has to know of a write. */
export type Writer = Pick<WriteContext, 'cluster' | 'resource' | 'subresource' | 'fieldManager'>;

/** As a client sent them: with nulls for entries, too. */
type Entries = readonly (ManagedFieldsEntry | null)[] | null | undefined;

/**
 * `metadata.managedFields` after a write that is no apply.
 *
 * @param sent - the managedFields that the client sent: they count, and an empty list takes all ownership away.
 * @param before - absent for a new object.
 */
export function managedFieldsAfterWrite(
  context: Writer,
  sent: Entries,
  before: KubernetesObject | undefined,
  after: KubernetesObject,
): ManagedFieldsEntry[] {
  const owners = ownersInRequest(context, sent, before);
  // An object that came without owners gets some by the first apply only.
  if (before && owners.length === 0) return [];
  const change = ownedChange(context, 'Update', owners);
  return formatManagedFields(
    withAncientTogether(ownersAfterUpdate(change, bare(before ?? newObject(context, after)), bare(after))),
  );
}

function ownersInRequest(
  { subresource }: Writer,
  sent: Entries,
  before: KubernetesObject | undefined,
): readonly Ownership[] {
  const known = before?.metadata?.managedFields ?? [];
  if (subresource !== '' || !sent) return parseManagedFields(known) ?? [];
  if (isReset(sent)) return [];
  return parseManagedFields(sent) ?? parseManagedFields(known) ?? [];
}

function isReset(sent: readonly (ManagedFieldsEntry | null)[]): boolean {
  return sent.length === 0 || (sent.length === 1 && Object.keys(sent[0] ?? {}).length === 0);
}

/** What there is in the place of a new object. */
export function newObject({ cluster, resource }: Writer, made: KubernetesObject): KubernetesObject {
  const { apiVersion = '', kind = '' } = made;
  const zero = resource.type === undefined ? {} : zeroObject(cluster.schema, resource.type, { ...made });
  return { ...zero, apiVersion, kind };
}

/**
 * The owners of an object that is about to be applied to. One without owners belongs to somebody who has no name, so that
 * applying to it is a conflict where it changes what is there.
 */
export function ownersBeforeApply(change: OwnedChange, zero: object, live: object): readonly Ownership[] {
  if (change.owners.length > 0) return change.owners;
  const manager: Manager = { ...change.manager, name: BeforeFirstApply, operation: 'Update' };
  return ownersAfterUpdate({ ...change, manager }, zero, live);
}

/** The object without its managedFields, which are about the rest of it. */
export function bare<O extends KubernetesObject>(object: O): O {
  if (object.metadata?.managedFields === undefined) return object;
  const { managedFields: _entries, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** A change of an object as its ownership sees it. */
export function ownedChange(
  context: Writer,
  operation: Manager['operation'],
  owners: readonly Ownership[],
): OwnedChange {
  const { cluster, resource, subresource, fieldManager } = context;
  return {
    manager: { name: fieldManager || 'unknown', operation, apiVersion: formatGroupVersion(resource), subresource },
    now: timeNow(cluster.clock),
    owners,
    reset: resetFields(resource, subresource),
    view(object, apiVersion) {
      const other = cluster.registry.find(parseGroupVersion(apiVersion), resource.resource);
      if (!other || storedUnder(other) !== storedUnder(resource)) return undefined;
      return { shape: shapeOf(context, other), object: converted(object as KubernetesObject, resource, other) };
    },
  };
}

export function shapeOf({ cluster: { schema } }: Writer, { custom, type }: ServedResource): Shape {
  if (custom) return customShape(schema, custom);
  return type === undefined ? Any : builtInShape(schema, type);
}

/** The same object, where versions have the same fields. */
function converted(object: KubernetesObject, from: ServedResource, to: ServedResource): KubernetesObject {
  if (from.version === to.version && from.group === to.group) return object;
  if (!converts(from) && !converts(to)) return object;
  return fromStorage(to, toStorage(from, object, undefined));
}
