export { applyJsonPatch, MaxJsonPatchOps } from './json-patch.js';
export { applyMergePatch } from './merge-patch.js';
export { PatchError } from './patch-error.js';
export type { FieldPatchSchema, PatchSchema } from './patch-schema.js';
export { applyStrategicMergePatch } from './strategic-merge-patch.js';
