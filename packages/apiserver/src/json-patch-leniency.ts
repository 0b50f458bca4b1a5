import type { JsonPatchOp } from '@client-ts/apimachinery';
import { applyJsonPatch } from '@client-ts/apimachinery/patch';

/**
 * Applies a JSON patch as kube-apiserver does, which is laxer than RFC 6902: in an object, `replace` of a field that is
 * not there adds it, and a missing value is `null`.
 *
 * @throws PatchError
 */
export function applyLenientJsonPatch(document: unknown, ops: readonly JsonPatchOp[]): unknown {
  return ops.reduce((result, op) => applyJsonPatch(result, [lenient(result, op)]), document);
}

function lenient(document: unknown, op: JsonPatchOp): JsonPatchOp {
  const given: JsonPatchOp = takesValue(op) && !Object.hasOwn(op, 'value') ? { ...op, value: null } : op;
  return given.op === 'replace' && isMissingField(document, given.path) ? { ...given, op: 'add' } : given;
}

function takesValue(op: JsonPatchOp): op is JsonPatchOp & { op: 'add' | 'replace' | 'test' } {
  return op.op === 'add' || op.op === 'replace' || op.op === 'test';
}

/** Whether the parent of what a pointer points to is an object that lacks it. */
function isMissingField(document: unknown, pointer: string): boolean {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop();
  if (last === undefined) return false;
  let parent = document;
  for (const key of keys) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, key)) return false;
    parent = (parent as Record<string, unknown>)[key];
  }
  if (typeof parent !== 'object' || parent === null || Array.isArray(parent)) return false;
  return !Object.hasOwn(parent, last);
}
