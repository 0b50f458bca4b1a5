import { copyObject, getField, isJsonObject, jsonEquals, type JsonObject, setField } from './json-value.js';
import { PatchError } from './patch-error.js';

/** What a strategic merge needs to know of a type. Lookups are by field name; `undefined` means nothing is known. */
export interface PatchSchema {
  field(name: string): FieldPatchSchema | undefined;
}

export interface FieldPatchSchema {
  /** Lists of this field are merged instead of replaced; objects keep only the keys that the patch retains. */
  readonly strategies: readonly ('merge' | 'replace' | 'retainKeys')[];
  /** Field that identifies the items of a merged list of objects; absent for lists of scalars. */
  readonly mergeKey?: string | undefined;
  /** Schema of the value, or of the items of a list. */
  readonly value?: PatchSchema | undefined;
}

const Directive = '$patch';
const RetainKeys = '$retainKeys';
const DeleteFromList = '$deleteFromPrimitiveList/';
const SetElementOrder = '$setElementOrder/';

/**
 * Applies a strategic merge patch: as a JSON merge patch, but lists are merged as the schema says, and directives in the
 * patch can replace or delete.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 *
 * @throws PatchError when a directive is wrong or a list item lacks its merge key.
 * @see https://github.com/kubernetes/community/blob/main/contributors/devel/sig-api-machinery/strategic-merge-patch.md
 */
export function applyStrategicMergePatch(document: unknown, patch: unknown, schema: PatchSchema | undefined): unknown {
  if (!isJsonObject(patch)) throw new PatchError('a strategic merge patch must be an object');
  return mergeObject(isJsonObject(document) ? document : {}, patch, schema, '');
}

function mergeObject(
  original: JsonObject,
  patch: JsonObject,
  schema: PatchSchema | undefined,
  path: string,
): JsonObject {
  const directive = getField(patch, Directive);
  if (directive === 'replace') return withoutDirectives(patch) as JsonObject;
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') {
    throw new PatchError(`unknown patch type ${JSON.stringify(directive)} at ${path || 'the top level'}`);
  }
  const result = retainKeys(copyObject(original), patch, path);
  for (const field of Object.keys(patch)) {
    if (field === Directive || field === RetainKeys || field.startsWith(SetElementOrder)) continue;
    if (field.startsWith(DeleteFromList)) {
      deleteScalars(result, field.slice(DeleteFromList.length), patch[field], path);
      continue;
    }
    const value = patch[field];
    if (value === null) {
      delete result[field];
      continue;
    }
    const place = path === '' ? field : `${path}.${field}`;
    setField(result, field, mergeValue(getField(result, field), value, schema?.field(field), place));
  }
  for (const field of Object.keys(patch)) {
    if (!field.startsWith(SetElementOrder)) continue;
    const name = field.slice(SetElementOrder.length);
    const list = getField(result, name);
    if (Array.isArray(list)) {
      setField(result, name, inOrder(list, patch[field], schema?.field(name)?.mergeKey, getField(original, name)));
    }
  }
  return result;
}

function mergeValue(original: unknown, value: unknown, field: FieldPatchSchema | undefined, path: string): unknown {
  if (isJsonObject(value)) return mergeObject(isJsonObject(original) ? original : {}, value, field?.value, path);
  if (!Array.isArray(value)) return value;
  const merges = field?.strategies.includes('merge') === true;
  if (!merges) return withoutDirectives(value);
  const list: unknown[] = Array.isArray(original) ? original : [];
  return field.mergeKey === undefined
    ? mergeScalars(list, value)
    : mergeList(list, value, field.mergeKey, field.value, path);
}

function mergeScalars(original: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const result = [...original];
  for (const item of patch) if (!result.some((other) => jsonEquals(other, item))) result.push(item);
  return result;
}

function mergeList(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
  schema: PatchSchema | undefined,
  path: string,
): unknown[] {
  const replaces = patch.some((item) => isJsonObject(item) && isBareDirective(item, 'replace'));
  const result = replaces ? [] : [...original];
  for (const item of patch) {
    if (!isJsonObject(item)) throw new PatchError(`${path}: an item of a list merged by ${mergeKey} must be an object`);
    if (isBareDirective(item, 'replace')) continue;
    const key = getField(item, mergeKey);
    if (key === undefined) {
      throw new PatchError(`map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`);
    }
    const at = result.findIndex((other) => isJsonObject(other) && jsonEquals(getField(other, mergeKey), key));
    const existing = result[at];
    if (getField(item, Directive) === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (isJsonObject(existing)) {
      result[at] = mergeObject(existing, item, schema, `${path}[${String(key)}]`);
    } else {
      result.push(mergeObject({}, item, schema, `${path}[${String(key)}]`));
    }
  }
  return result;
}

/** `{ $patch: replace }` alone among the items of a list means that the others are all there is to be. */
function isBareDirective(item: JsonObject, directive: string): boolean {
  return getField(item, Directive) === directive && Object.keys(item).length === 1;
}

function retainKeys(result: JsonObject, patch: JsonObject, path: string): JsonObject {
  const keys = getField(patch, RetainKeys);
  if (keys === undefined) return result;
  if (!Array.isArray(keys)) throw new PatchError(`${RetainKeys} at ${path || 'the top level'} must be a list`);
  for (const field of Object.keys(result)) if (!keys.includes(field)) delete result[field];
  return result;
}

function deleteScalars(result: JsonObject, field: string, values: unknown, path: string): void {
  if (!Array.isArray(values))
    throw new PatchError(`${DeleteFromList}${field} at ${path || 'the top level'} must be a list`);
  const list = getField(result, field);
  if (!Array.isArray(list)) return;
  const left = list.filter((item) => !values.some((value) => jsonEquals(value, item)));
  setField(result, field, left);
}

/**
 * Items that the order names come in that order; an item that it does not name, because somebody else added it, keeps its
 * place relative to the named one that stood before it on the server.
 */
function inOrder(list: readonly unknown[], order: unknown, mergeKey: string | undefined, server: unknown): unknown[] {
  if (!Array.isArray(order)) throw new PatchError(`${SetElementOrder} must be a list`);
  const identity = (item: unknown): unknown =>
    mergeKey === undefined || !isJsonObject(item) ? item : getField(item, mergeKey);
  const position = (item: unknown): number => order.findIndex((other) => jsonEquals(identity(other), identity(item)));
  const named = list.filter((item) => position(item) >= 0).toSorted((a, b) => position(a) - position(b));
  const before: unknown[] = Array.isArray(server) ? server : [];
  const serverPosition = (item: unknown): number =>
    before.findIndex((other) => jsonEquals(identity(other), identity(item)));
  const result = [...named];
  for (const item of list) {
    if (position(item) >= 0) continue;
    const own = serverPosition(item);
    const after = result.findLastIndex((other) => serverPosition(other) >= 0 && serverPosition(other) < own);
    result.splice(after + 1, 0, item);
  }
  return result;
}

/** Directives steer the merge; they never become part of an object. */
function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .filter((item) => !isJsonObject(item) || getField(item, Directive) === undefined || Object.keys(item).length > 1)
      .map(withoutDirectives);
  }
  if (!isJsonObject(value)) return value;
  const result: JsonObject = {};
  for (const field of Object.keys(value)) {
    const steers =
      field === Directive ||
      field === RetainKeys ||
      field.startsWith(DeleteFromList) ||
      field.startsWith(SetElementOrder);
    if (!steers && value[field] !== null) setField(result, field, withoutDirectives(value[field]));
  }
  return result;
}
