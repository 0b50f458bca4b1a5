import type { KubernetesObject } from '@client-ts/apimachinery';

/** Points to an object that an event is about, without being it. */
export interface ObjectReference {
  readonly apiVersion?: string | undefined;
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  /** A part of the object, such as `spec.containers{web}`. */
  readonly fieldPath?: string | undefined;
}

/** What an event can be about: an object as it came from a server, or a reference to one. */
export type EventObject = KubernetesObject | ObjectReference;

const Fields = ['apiVersion', 'kind', 'namespace', 'name', 'uid', 'resourceVersion', 'fieldPath'] as const;

/** As it is written: without what is not known. */
export type WrittenReference = { [Field in (typeof Fields)[number]]?: string };

/**
 * A reference to an object, or a copy of the reference that it is.
 *
 * What servers send has a kind. client-go knows that of its types where it is missing, and nobody does here.
 *
 * @throws TypeError that names the field which is missing: `kind` or `name`, and `apiVersion` of an object.
 */
export function referenceTo(object: EventObject): WrittenReference {
  const isObject = 'metadata' in object && object.metadata !== undefined;
  const source: ObjectReference = isObject ? { ...object.metadata, ...kindOf(object), fieldPath: undefined } : object;
  const reference: WrittenReference = {};
  for (const field of Fields) {
    const value: unknown = source[field];
    if (typeof value === 'string' && value !== '') reference[field] = value;
  }
  for (const field of isObject ? (['apiVersion', 'kind', 'name'] as const) : (['kind', 'name'] as const)) {
    if (reference[field] !== undefined) continue;
    const place = isObject && field === 'name' ? 'metadata.name' : field;
    throw new TypeError(`${place}: expected a text that is not empty, of an object from the server or a reference`);
  }
  return reference;
}

function kindOf({ apiVersion, kind }: KubernetesObject): ObjectReference {
  return { apiVersion, kind };
}
