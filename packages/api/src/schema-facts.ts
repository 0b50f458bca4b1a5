/**
 * What the API server of one Kubernetes release says about its built-in resources: enough to serve discovery and OpenAPI
 * documents, to check and default objects, and to merge patches.
 *
 * Facts only, without prose. Everything is sorted by name, and what says nothing is left out.
 */
export interface ApiSchema {
  /** Where the facts come from, such as `k8s.io/kubernetes v1.37.2`. */
  readonly source: string;
  readonly groupVersions: readonly GroupVersionSchema[];
  /** By the name of the schema in OpenAPI documents, such as `io.k8s.api.apps.v1.Deployment`. */
  readonly types: Readonly<Record<string, TypeSchema>>;
}

/** The resources of one version of one API group. */
export interface GroupVersionSchema {
  /** `""` is the core group. */
  readonly group: string;
  readonly version: string;
  readonly resources: readonly ResourceSchema[];
}

/** One resource, as in discovery. */
export interface ResourceSchema {
  /** Plural, lower case: `deployments`. */
  readonly name: string;
  readonly singular: string;
  readonly kind: string;
  /** Name of the type of its objects, in {@link ApiSchema.types}. */
  readonly type: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`. */
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  /** Names for several resources at once, such as `all`. */
  readonly categories?: readonly string[];
  readonly subresources?: readonly SubresourceSchema[];
}

/** One subresource, as in discovery. */
export interface SubresourceSchema {
  /** `status`, `scale`, … */
  readonly name: string;
  readonly kind: string;
  /** Group of the kind, where it is not that of the resource: `autoscaling` for `Scale`. */
  readonly group?: string;
  /** Version of the kind, where `group` is given. */
  readonly version?: string;
  /** Name of the type that is sent and received. Absent where the kind has no schema, as `PodExecOptions`. */
  readonly type?: string;
  readonly verbs: readonly string[];
}

/** A named type: an object with fields, or a value with a name of its own, such as `Quantity`. */
export interface TypeSchema extends ValueSchema {
  /** Present when objects of this type carry `apiVersion` and `kind` of one group. */
  readonly groupVersionKind?: { readonly group: string; readonly version: string; readonly kind: string };
  /** Fields of an object, by name. An object without fields that keeps no unknown ones is an empty struct. */
  readonly fields?: Readonly<Record<string, FieldSchema>>;
}

/**
 * What kind of JSON a value is.
 *
 * - `object`: the fields of a type.
 * - `array`: elements are `items`.
 * - `map`: an object with any keys; values are `items`.
 * - `int-or-string`: a string or an integer, such as a port or its name.
 * - `quantity`: a string such as `500m`; a number is accepted.
 * - `any`: any JSON.
 */
export type ValueType =
  'string' | 'integer' | 'number' | 'boolean' | 'object' | 'array' | 'map' | 'int-or-string' | 'quantity' | 'any';

/** What a field, an element or a map value holds: either a `type`, or a `ref`. */
export interface ValueSchema {
  readonly type?: ValueType;
  /** Name of a type in {@link ApiSchema.types}. */
  readonly ref?: string;
  /** What an `array` or a `map` holds. */
  readonly items?: ValueSchema;
  /** `int32`, `int64`, `double`, `byte` (base64), `date-time` (RFC 3339). */
  readonly format?: string;
  /** The allowed strings. */
  readonly enum?: readonly string[];
  /** The choices behind a value of type `any`, where there are such; OpenAPI documents do not tell them. */
  readonly oneOf?: readonly ValueSchema[];
  /** The value may be null: in built-in types that is what the server writes, instead of nothing, where there is none. */
  readonly nullable?: true;
  /** What it is for, in the words of a CustomResourceDefinition; built-in types have none. */
  readonly description?: string;
  /** Fields that the schema does not name are kept. */
  readonly preserveUnknown?: true;
  /** `atomic`: server-side apply replaces the struct or map as a whole. Default: `granular`. */
  readonly mapType?: 'atomic' | 'granular';
}

/** A field of an object. */
export interface FieldSchema extends ValueSchema {
  readonly required?: true;
  /** No update may change the field. Only where the source of a release says so in a form that can be read. */
  readonly immutable?: true;
  /** JSON that the server puts in where the field is missing. On required fields it is only Go's zero value. */
  readonly default?: unknown;
  /** How server-side apply merges a list. Default: `atomic`. */
  readonly listType?: 'atomic' | 'set' | 'map';
  /** Fields that together identify an element of a list of type `map`. */
  readonly listMapKeys?: readonly string[];
  /** How a strategic merge patch treats the field. Default: `replace`. */
  readonly patchStrategy?: readonly ('merge' | 'replace' | 'retainKeys')[];
  /** The field that identifies an element in a strategic merge patch with strategy `merge`. */
  readonly patchMergeKey?: string;
}
