import type { JsonPatchOp } from '../options.js';
import { copyObject, isJsonObject, jsonEquals, type JsonObject, setField } from './json-value.js';
import { PatchError } from './patch-error.js';

/** As many operations as a kube-apiserver takes in one patch. */
export const MaxJsonPatchOps = 10_000;

/**
 * Applies a JSON patch (RFC 6902), all of it or nothing.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 *
 * @throws PatchError that names the operation and its path.
 */
export function applyJsonPatch(document: unknown, ops: readonly JsonPatchOp[]): unknown {
  if (!Array.isArray(ops)) throw new PatchError('a JSON patch must be an array of operations');
  if (ops.length > MaxJsonPatchOps) {
    throw new PatchError(`a JSON patch may have at most ${MaxJsonPatchOps} operations, this one has ${ops.length}`);
  }
  return ops.reduce((result: unknown, op: JsonPatchOp) => applyOp(result, op), document);
}

function applyOp(document: unknown, op: JsonPatchOp): unknown {
  if (!isJsonObject(op) || typeof op.path !== 'string') {
    throw new PatchError('each operation of a JSON patch must be an object with op and path');
  }
  const path = parsePointer(op.path, op.path);
  switch (op.op) {
    case 'add':
      return add(document, path, required(op), op.path);
    case 'remove':
      return remove(document, path, op.path);
    case 'replace': {
      const value = required(op);
      read(document, path, op.path);
      return path.length === 0 ? value : change(document, path, op.path, (parent, key) => put(parent, key, value));
    }
    case 'test':
      if (!jsonEquals(readOrUndefined(document, path), op.value)) {
        throw new PatchError(`testing value ${op.path} failed`);
      }
      return document;
    case 'move': {
      const from = parsePointer(source(op), op.path);
      if (from.length < path.length && from.every((key, index) => key === path[index])) {
        throw new PatchError(`move: ${op.from} cannot be moved into its own child ${op.path}`);
      }
      const value = read(document, from, op.from);
      return add(remove(document, from, op.from), path, value, op.path);
    }
    case 'copy': {
      const from = parsePointer(source(op), op.path);
      return add(document, path, read(document, from, op.from), op.path);
    }
    default:
      throw new PatchError(
        `unexpected operation ${JSON.stringify((op as { op: unknown }).op)} at ${JSON.stringify(op)}`,
      );
  }
}

function required(op: { readonly op: string; readonly path: string; readonly value?: unknown }): unknown {
  if (!Object.hasOwn(op, 'value')) throw new PatchError(`${op.op} operation at ${op.path} has no value`);
  return op.value;
}

function source(op: { readonly op: string; readonly path: string; readonly from?: unknown }): string {
  if (typeof op.from !== 'string') throw new PatchError(`${op.op} operation at ${op.path} has no from`);
  return op.from;
}

/** The keys of a JSON pointer (RFC 6901). */
function parsePointer(pointer: string, path: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/'))
    throw new PatchError(`${JSON.stringify(path)} is not a JSON pointer: it must start with /`);
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Container = unknown[] | JsonObject;

/** Rebuilds the way down to the parent of `path`, and lets `apply` change a copy of that parent. */
function change(
  document: unknown,
  path: readonly string[],
  pointer: string,
  apply: (parent: Container, key: string) => void,
): unknown {
  const [key = '', ...rest] = path;
  const copy = copyContainer(document, pointer);
  if (rest.length === 0) apply(copy, key);
  else
    put(
      copy,
      Array.isArray(copy) ? index(copy, key, copy.length - 1, pointer) : key,
      change(child(copy, key, pointer), rest, pointer, apply),
    );
  return copy;
}

function add(document: unknown, path: readonly string[], value: unknown, pointer: string): unknown {
  if (path.length === 0) return value;
  return change(document, path, pointer, (parent, key) => {
    if (!Array.isArray(parent)) setField(parent, key, value);
    else parent.splice(key === '-' ? parent.length : Number(index(parent, key, parent.length, pointer)), 0, value);
  });
}

function remove(document: unknown, path: readonly string[], pointer: string): unknown {
  if (path.length === 0) throw new PatchError('remove operation does not apply: the whole document cannot be removed');
  return change(document, path, pointer, (parent, key) => {
    child(parent, key, pointer);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
}

function read(document: unknown, path: readonly string[], pointer: string): unknown {
  return path.reduce((value: unknown, key) => child(copyContainer(value, pointer, false), key, pointer), document);
}

function readOrUndefined(document: unknown, path: readonly string[]): unknown {
  let value = document;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as JsonObject)[key];
  }
  return value;
}

function child(parent: Container, key: string, pointer: string): unknown {
  if (Array.isArray(parent)) return parent[Number(index(parent, key, parent.length - 1, pointer))];
  if (!Object.hasOwn(parent, key)) throw new PatchError(`doc is missing path: ${pointer}: missing value`);
  return parent[key];
}

function copyContainer(value: unknown, pointer: string, copy = true): Container {
  if (Array.isArray(value)) return copy ? [...(value as unknown[])] : value;
  if (isJsonObject(value)) return copy ? copyObject(value) : value;
  throw new PatchError(`doc is missing path: ${pointer}: missing value`);
}

function put(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else setField(parent, key, value);
}

function index(list: readonly unknown[], key: string, last: number, pointer: string): string {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(key) || Number(key) > last) {
    throw new PatchError(
      `unable to access invalid index ${JSON.stringify(key)} at ${pointer}: the list has ${list.length} items`,
    );
  }
  return key;
}
