import type { JsonPatchOp } from '../options.js';
import { checkDepth } from './check-depth.js';
import { parsePointer } from './json-pointer.js';
import { copyObject, isJsonObject, jsonEquals, type JsonObject, setField } from './json-value.js';
import { PatchError } from './patch-error.js';

/** As many operations as a kube-apiserver takes in one patch. */
export const MaxJsonPatchOps = 10_000;

/** How much `copy` may add in one patch, in characters of JSON: each one can double a document. Also the server's limit. */
const MaxCopied = 3 * 1024 * 1024;

/**
 * Applies a JSON patch (RFC 6902), all of it or nothing.
 *
 * Pure: neither argument is changed; the result may share parts with both.
 *
 * @throws PatchError that names the operation, its path, and why it cannot be applied.
 */
export function applyJsonPatch(document: unknown, ops: readonly JsonPatchOp[]): unknown {
  if (!Array.isArray(ops)) throw new PatchError('a JSON patch must be an array of operations');
  if (ops.length > MaxJsonPatchOps) {
    throw new PatchError(`a JSON patch may have at most ${MaxJsonPatchOps} operations, this one has ${ops.length}`);
  }
  checkDepth(ops);
  const budget = { copied: 0 };
  return ops.reduce((result: unknown, op: unknown, index) => {
    if (!isJsonObject(op)) throw new PatchError(`operation ${index} of the JSON patch is not an object`);
    try {
      return applyOp(result, op, budget);
    } catch (cause) {
      if (!(cause instanceof PatchError)) throw cause;
      throw new PatchError(`operation ${index} (${describe(op)}): ${cause.message}`, { cause });
    }
  }, document);
}

/** It is a user's, so it may have any fields. */
function describe({ op, from, path }: JsonObject): string {
  const words = from === undefined ? [op, path] : [op, from, 'to', path];
  return words
    .map((word) => (typeof word === 'string' || word === undefined ? String(word) : JSON.stringify(word)))
    .join(' ');
}

function applyOp(document: unknown, op: JsonObject, budget: { copied: number }): unknown {
  const path = parsePointer(op['path']);
  switch (op['op']) {
    case 'add':
      return add(document, path, valueOf(op));
    case 'remove':
      return remove(document, path);
    case 'replace':
      return replace(document, path, valueOf(op));
    case 'test':
      if (!jsonEquals(read(document, path), valueOf(op))) throw new PatchError('the value is another one');
      return document;
    case 'move': {
      const from = parsePointer(op['from']);
      if (from.length < path.length && from.every((key, index) => key === path[index])) {
        throw new PatchError('a value cannot be moved into itself');
      }
      return add(remove(document, from), path, read(document, from));
    }
    case 'copy': {
      const value = read(document, parsePointer(op['from']));
      budget.copied += JSON.stringify(value).length;
      if (budget.copied > MaxCopied) throw new PatchError(`the patch copies more than ${MaxCopied} characters`);
      return add(document, path, value);
    }
    default:
      throw new PatchError('expected op to be add, remove, replace, move, copy or test');
  }
}

function valueOf(op: JsonObject): unknown {
  if (!Object.hasOwn(op, 'value')) throw new PatchError('it has no value');
  return op['value'];
}

type Container = unknown[] | JsonObject;

function add(document: unknown, path: readonly string[], value: unknown): unknown {
  return change(document, path, value, (parent, key) => {
    if (!Array.isArray(parent)) setField(parent, key, value);
    else parent.splice(key === '-' ? parent.length : indexOf(parent, key, parent.length), 0, value);
  });
}

function remove(document: unknown, path: readonly string[]): unknown {
  if (path.length === 0) throw new PatchError('the whole document cannot be removed');
  return change(document, path, undefined, (parent, key) => {
    childOf(parent, key);
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  });
}

function replace(document: unknown, path: readonly string[], value: unknown): unknown {
  return change(document, path, value, (parent, key) => {
    childOf(parent, key);
    put(parent, key, value);
  });
}

/** Copies the way down to the parent of `path`, and lets `apply` change that parent; without a path, `root` is the result. */
function change(
  document: unknown,
  path: readonly string[],
  root: unknown,
  apply: (parent: Container, key: string) => void,
): unknown {
  const last = path.at(-1);
  if (last === undefined) return root;
  const result = copyOf(document);
  let parent = result;
  for (const key of path.slice(0, -1)) {
    const child = copyOf(childOf(parent, key));
    put(parent, key, child);
    parent = child;
  }
  apply(parent, last);
  return result;
}

function read(document: unknown, path: readonly string[]): unknown {
  return path.reduce(childOf, document);
}

function childOf(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return parent[indexOf(parent, key, parent.length - 1)];
  if (!isJsonObject(parent) || !Object.hasOwn(parent, key)) {
    throw new PatchError(`there is no field ${JSON.stringify(key)}`);
  }
  return parent[key];
}

function copyOf(value: unknown): Container {
  if (Array.isArray(value)) return [...(value as unknown[])];
  if (isJsonObject(value)) return copyObject(value);
  throw new PatchError(`${JSON.stringify(value)} has no fields`);
}

function put(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) parent[Number(key)] = value;
  else setField(parent, key, value);
}

function indexOf(list: readonly unknown[], key: string, last: number): number {
  if (!/^(?:0|[1-9][0-9]{0,9})$/.test(key) || Number(key) > last) {
    throw new PatchError(`${JSON.stringify(key)} is no index of a list of ${list.length}`);
  }
  return Number(key);
}
