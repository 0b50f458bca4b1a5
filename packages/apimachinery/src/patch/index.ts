export { applyJsonPatch, MaxJsonPatchOps } from './json-patch.js';
export { applyMergePatch } from './merge-patch.js';
export { PatchError } from './patch-error.js';
export { applyStrategicMergePatch, type FieldPatchSchema, type PatchSchema } from './strategic-merge-patch.js';
