export { explain, type ExplainedField, type ExplainOptions, type Explanation } from './explain.js';
export { OpenApiClient, type OpenApiClientOptions } from './open-api-client.js';
export { OpenApiDocument } from './open-api-document.js';
export { isOpenApiError, OpenApiError, type OpenApiErrorReason } from './open-api-error.js';
export type { Problem, ProblemReason } from './problem.js';
export type { Limit, Schema, ValueType } from './schema.js';
export { validate, type ValidateOptions } from './validate.js';
