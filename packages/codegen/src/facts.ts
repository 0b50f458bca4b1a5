import type { ApiSchema } from '@client-ts/api/schema';

/**
 * The facts are documented where they are read at run time. Sorted by name and without what says nothing, they are also
 * what the committed schema file holds, so that two releases can be compared line by line.
 */
export interface Facts extends ApiSchema {
  /** The protobuf form of types, for those that have one. Custom resources have none. */
  readonly messages?: Readonly<Record<string, MessageFacts>>;
}

/** A field each, as in `ProtobufTable`, but with full names of types. */
export type MessageFacts = readonly string[];

export type {
  FieldSchema as FieldFacts,
  GroupVersionSchema as GroupVersionFacts,
  ResourceSchema as ResourceFacts,
  SubresourceSchema as SubresourceFacts,
  TypeSchema as TypeFacts,
  ValueSchema as ValueFacts,
  ValueType,
} from '@client-ts/api/schema';

/** The facts, or a source of them, are not as expected. */
export class FactsError extends Error {
  override readonly name = 'FactsError';
}
