/**
 * Facts about the APIs of one Kubernetes release: what is generated, and what the committed schema file holds. No prose.
 *
 * Everything is sorted by name, so that two releases can be compared line by line. Properties that say nothing are left
 * out. The run-time copy of this shape is documented, for its readers, in `@client-ts/api/schema`; what is generated is
 * checked against it.
 */
export interface Facts {
  /** Where the facts were read from, such as `k8s.io/kubernetes v1.37.2`. */
  readonly source: string;
  readonly groupVersions: readonly GroupVersionFacts[];
  /** By the name of the schema in OpenAPI documents, such as `io.k8s.api.apps.v1.Deployment`. */
  readonly types: Readonly<Record<string, TypeFacts>>;
}

export interface GroupVersionFacts {
  /** `""` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceFacts[];
}

export interface ResourceFacts {
  /** Plural, lower case. */
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  /** Name of the type of its objects. */
  readonly type: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly SubresourceFacts[];
}

export interface SubresourceFacts {
  /** `status`, `scale`, … */
  readonly name: string;
  readonly kind: string;
  /** Group and version of the kind, where they are not those of the resource. */
  readonly group?: string;
  readonly version?: string;
  /** Name of the type that is sent and received. Absent where the kind has no schema, as `PodExecOptions`. */
  readonly type?: string;
  readonly verbs: readonly string[];
}

/** A named schema: an object with fields, or a value that has a name of its own, as `Quantity`. */
export interface TypeFacts extends ValueFacts {
  /** Present when objects of this type carry `apiVersion` and `kind`. */
  readonly groupVersionKind?: { readonly group: string; readonly version: string; readonly kind: string };
  /** Fields of an object, by name. */
  readonly fields?: Readonly<Record<string, FieldFacts>>;
}

export type ValueType =
  | 'string'
  | 'integer'
  | 'number'
  | 'boolean'
  /** Fields of its own, or those of `ref`. */
  | 'object'
  /** Elements are `items`. */
  | 'array'
  /** Any keys; values are `items`. */
  | 'map'
  /** A string or an integer. */
  | 'int-or-string'
  /** A string such as `500m`; a number is accepted. */
  | 'quantity'
  /** Any JSON. */
  | 'any';

/** What one field, element or map value holds. */
export interface ValueFacts {
  /** Absent when `ref` says it. */
  readonly type?: ValueType;
  /** Name of the type. */
  readonly ref?: string;
  readonly items?: ValueFacts;
  /** `int32`, `int64`, `double`, `byte` (base64), `date-time`. */
  readonly format?: string;
  readonly enum?: readonly string[];
  /** The choices behind a value that is published as any JSON. */
  readonly oneOf?: readonly ValueFacts[];
  /** Fields that the schema does not name are kept. */
  readonly preserveUnknown?: true;
  /** How server-side apply merges a struct or map; default `granular`. */
  readonly mapType?: 'atomic' | 'granular';
}

export interface FieldFacts extends ValueFacts {
  readonly required?: true;
  /** JSON. */
  readonly default?: unknown;
  /** How server-side apply merges a list; default `atomic`. */
  readonly listType?: 'atomic' | 'set' | 'map';
  /** Fields that identify an element of a list of type `map`. */
  readonly listMapKeys?: readonly string[];
  /** How a strategic merge patch treats the field; default `replace`. */
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  /** Field that identifies an element in a strategic merge patch. */
  readonly patchMergeKey?: string;
}

/** The facts, or a source of them, are not as expected. */
export class FactsError extends Error {
  override readonly name = 'FactsError';
}
