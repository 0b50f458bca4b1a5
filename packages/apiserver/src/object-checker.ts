import type { KubernetesObject } from '@client-ts/apimachinery';
import type { StatusCause } from '@client-ts/apimachinery/errors';
import type { ServedResource } from './resource-registry.js';

/** An object on its way into the store. */
export interface ObjectToCheck {
  readonly resource: ServedResource;
  /** `""`, or the subresource that is written, such as `status`. */
  readonly subresource: string;
  readonly operation: 'create' | 'update';
  /** As the client sent it, or as a patch made it. The checker may change it: nobody else holds it. */
  readonly object: KubernetesObject;
  /** What is stored now; absent on create. Not to be changed. */
  readonly old?: KubernetesObject | undefined;
  /** The text of the body where the object came as JSON: duplicate fields can be seen only there. */
  readonly text?: string | undefined;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
}

/** What a schema makes of an object. */
export interface CheckedObject {
  /** Pruned and defaulted. */
  readonly object: KubernetesObject;
  /** Texts for `Warning` headers: unknown and duplicate fields. */
  readonly warnings: readonly string[];
  /** What `fieldValidation=Strict` refuses: `unknown field "spec.x"`. */
  readonly strictErrors: readonly string[];
  /**
   * Why the JSON does not fit the types at all, in the words of a Go decoder: `json: cannot unmarshal number into Go
   * struct field ConfigMap.data of type string`. The answer is 400, or 422 where a patch led to it.
   */
  readonly decodeError?: string | undefined;
  /** Why the object is not valid; the answer is 422 when there are any. */
  readonly causes: readonly StatusCause[];
}

/**
 * Knows the schemas: prunes, defaults and validates objects before they are stored.
 *
 * Called after decoding and before the rules that no schema tells (immutable metadata, generation, status split).
 */
export type ObjectChecker = (input: ObjectToCheck) => CheckedObject;
