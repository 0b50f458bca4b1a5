export { generateCustomResources } from './custom-resources.js';
export {
  type Facts,
  FactsError,
  type FieldFacts,
  type GroupVersionFacts,
  type ResourceFacts,
  type SubresourceFacts,
  type TypeFacts,
  type ValueFacts,
  type ValueType,
} from './facts.js';
export { generate } from './generate.js';
export { generateOpenApiResources } from './openapi-resources.js';
export { SourceTextError } from './source-text.js';
