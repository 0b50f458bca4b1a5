import { formatGroupVersion, type GroupVersionKind, type KubernetesObject } from '@client-ts/apimachinery';

/** JSON of an object's kind and version, up to where its other fields go on. */
function typeMetaJson(gvk: GroupVersionKind): string {
  return `{"kind":${JSON.stringify(gvk.kind)},"apiVersion":${JSON.stringify(formatGroupVersion(gvk))},`;
}

/**
 * One state of one object, never changed after it is stored. Its JSON text is made once, and shared by every list and
 * watch that shows this state.
 */
export class StoredObject {
  readonly object: KubernetesObject;
  #fields: string | undefined;

  /** @param object - given away: nobody may change it any more. It has `metadata`. */
  constructor(object: KubernetesObject) {
    this.object = object;
  }

  /** The object as JSON. */
  json(gvk: GroupVersionKind): string {
    return typeMetaJson(gvk) + this.#fieldsJson();
  }

  /** The object as JSON without kind and version, as items of built-in lists are sent. */
  itemJson(): string {
    return `{${this.#fieldsJson()}`;
  }

  /** The same state under another resource version, such as the one of its deletion. */
  at(revision: number): StoredObject {
    const { metadata, ...rest } = this.object;
    return new StoredObject({ ...rest, metadata: { ...metadata, resourceVersion: String(revision) } });
  }

  #fieldsJson(): string {
    if (this.#fields === undefined) {
      const { kind: _kind, apiVersion: _apiVersion, ...fields } = this.object;
      this.#fields = JSON.stringify(fields).slice(1);
    }
    return this.#fields;
  }
}
