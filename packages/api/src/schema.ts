export { schema } from './gen/schema.js';
export type {
  ApiSchema,
  FieldSchema,
  GroupVersionSchema,
  ResourceSchema,
  SubresourceSchema,
  TypeSchema,
  ValueSchema,
  ValueType,
} from './schema-facts.js';
