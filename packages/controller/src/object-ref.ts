import type { CachedObject, ObjectKey } from '@client-ts/cache';

/** Names one object of a controller's primary resource. */
export interface ObjectRef {
  /** Left out, or empty, for what is in no namespace. */
  readonly namespace?: string;
  readonly name: string;
  readonly uid?: string;
}

/** What is to be reconciled. It says of which object, and not what happened to it. */
export interface ReconcileRequest extends ObjectRef {
  /** `namespace/name`, or `name` for what is in no namespace. One is never reconciled twice at the same time. */
  readonly key: ObjectKey;
  /** Empty for what is in no namespace. */
  readonly namespace: string;
}

/** @throws TypeError when there is no name. */
export function requestOf({ namespace = '', name, uid }: ObjectRef): ReconcileRequest {
  if (!name) throw new TypeError('an object without a name cannot be reconciled');
  const key = namespace === '' ? name : `${namespace}/${name}`;
  return { key, namespace, name, ...(uid === undefined ? {} : { uid }) };
}

/** @throws TypeError when the object has no `metadata.name`. */
export function refOf({ metadata }: CachedObject): ObjectRef {
  const { namespace, name, uid } = metadata ?? {};
  if (!name) throw new TypeError('object has no metadata.name');
  return { name, ...(namespace ? { namespace } : {}), ...(uid === undefined ? {} : { uid }) };
}
