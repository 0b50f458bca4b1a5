export type { EvaluateOptions } from './evaluate.js';
export { JsonPath, parseJsonPath } from './json-path.js';
export { isJsonPathError, JsonPathError, type JsonPathErrorKind } from './json-path-error.js';
export type { JsonPathLimits } from './limits.js';
export { relaxedJsonPath } from './relaxed-json-path.js';
