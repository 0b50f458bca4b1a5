import { checkDepth } from './check-depth.js';
import {
  addition,
  DeleteFromList,
  Directive,
  fieldOf,
  hasDirective,
  replacement,
  RetainKeys,
  SetElementOrder,
  unknownDirective,
} from './directives.js';
import { checkOrder, identityBy, inOrder } from './element-order.js';
import { copyObject, getField, isJsonObject, type JsonObject, setField } from './json-value.js';
import { deleteScalars, mergeItems, mergeScalars } from './merge-lists.js';
import { PatchError } from './patch-error.js';
import type { FieldPatchSchema, PatchSchema } from './patch-schema.js';

/**
 * Applies a strategic merge patch as a kube-apiserver does: like a JSON merge patch, but lists are merged as the schema
 * says, and directives in the patch replace, delete and order.
 *
 * - `$patch: replace` or `delete` in an object: it becomes the patch, or empty. Where there is no object yet, one with a
 *   directive is left out.
 * - `$patch: delete` in an item of a merged list: the item with this merge key goes. `$patch: replace` in any item: the
 *   other items of the patch are all there is to be.
 * - `$retainKeys`: the fields that stay; all fields of the patch must be among them.
 * - `$deleteFromPrimitiveList/field`: scalars that go. `$setElementOrder/field`: the order of the items; those that it
 *   does not name stay where they were among the others.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 *
 * @throws PatchError that names the place, when a directive is wrong or an item lacks its merge key.
 * @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyStrategicMergePatch(document: unknown, patch: unknown, schema: PatchSchema | undefined): unknown {
  if (!isJsonObject(patch)) throw new PatchError('a strategic merge patch must be an object');
  checkDepth(patch);
  return mergeObject(isJsonObject(document) ? document : {}, patch, schema, '');
}

function mergeObject(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema | undefined,
  path: string,
): JsonObject {
  const place = path || 'the top level';
  if (hasDirective(patch)) {
    const directive = patch[Directive];
    if (directive === 'replace') return replacement(patch) as JsonObject;
    if (directive === 'delete') return {};
    throw unknownDirective(directive, place);
  }
  const result = retain(original, patch, place);
  const ordered = orderLists(result, patch, schema, path);
  for (const key of Object.keys(patch)) {
    if (ordered.has(key) || key === RetainKeys || key.startsWith(SetElementOrder)) continue;
    const listName = fieldOf(key, DeleteFromList, place);
    if (listName !== undefined) {
      const list = getField(result, listName);
      const deleted = listOf(patch, key, place);
      if (Array.isArray(list)) setField(result, listName, deleteScalars(list, deleted, `${place}: ${key}`));
      continue;
    }
    const value =
      patch[key] === null
        ? undefined
        : mergeValue(getField(result, key), patch[key], schema?.field(key), below(path, key));
    if (value === undefined) delete result[key];
    else setField(result, key, value);
  }
  return result;
}

/** @returns `undefined` when the field is not to be. */
function mergeValue(original: unknown, value: unknown, field: FieldPatchSchema | undefined, path: string): unknown {
  if (Array.isArray(original) && Array.isArray(value)) return mergeLists(original, value, field, path);
  if (!isJsonObject(original) || !isJsonObject(value)) return addition(value);
  return field?.strategies.includes('replace') ? replacement(value) : mergeObject(original, value, field?.value, path);
}

function mergeLists(
  original: readonly unknown[],
  patch: readonly unknown[],
  field: FieldPatchSchema | undefined,
  path: string,
): unknown {
  if (!field?.strategies.includes('merge')) return replacement(patch);
  const { mergeKey, value: schema } = field;
  if (mergeKey === undefined) return mergeScalars(original, patch, path);
  return mergeItems(original, patch, mergeKey, path, (item, change, place) => mergeObject(item, change, schema, place));
}

/** A copy of the object, with the fields that the patch retains. */
function retain(original: JsonObject, patch: JsonObject, place: string): JsonObject {
  const result = copyObject(original);
  if (!Object.hasOwn(patch, RetainKeys)) return result;
  const retained = listOf(patch, RetainKeys, place);
  for (const field of Object.keys(patch)) {
    if (patch[field] === null || field === RetainKeys || retained.includes(field)) continue;
    if (field.startsWith(DeleteFromList) || field.startsWith(SetElementOrder)) continue;
    throw new PatchError(`${place}: the patch has ${field}, which is not in ${RetainKeys}`);
  }
  for (const field of Object.keys(result)) if (!retained.includes(field)) delete result[field];
  return result;
}

/** Merges the lists whose order the patch sets, and orders them. @returns the names of their fields. */
function orderLists(
  result: JsonObject,
  patch: JsonObject,
  schema: PatchSchema | undefined,
  path: string,
): ReadonlySet<string> {
  const place = path || 'the top level';
  const names = new Set<string>();
  for (const key of Object.keys(patch)) {
    const name = fieldOf(key, SetElementOrder, place);
    if (name === undefined) continue;
    const order = listOf(patch, key, place);
    const original = Object.hasOwn(result, name) ? listOf(result, name, place) : undefined;
    const change = Object.hasOwn(patch, name) ? listOf(patch, name, place) : undefined;
    const field = schema?.field(name);
    const identity = identityBy(field?.mergeKey, below(path, name));
    const added = (change ?? []).filter((item) => field?.mergeKey === undefined || !hasDirective(item));
    checkOrder(added, order, identity, below(path, name));
    const merged = change ? mergeValue(original, change, field, below(path, name)) : original;
    if (Array.isArray(merged)) setField(result, name, inOrder(merged, order, original ?? [], identity));
    names.add(name);
  }
  return names;
}

function listOf(object: JsonObject, field: string, place: string): unknown[] {
  const list = object[field];
  if (!Array.isArray(list)) throw new PatchError(`${place}: ${field} must be a list, got ${JSON.stringify(list)}`);
  return list as unknown[];
}

function below(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
