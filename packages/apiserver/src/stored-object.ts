import { formatGroupVersion, type KubernetesObject } from '@client-ts/apimachinery';
import { converts, fromStorage } from './conversion/conversion.js';
import type { ServedResource } from './resource-registry.js';

/**
 * One state of one object, in the version in which it is stored, never changed after that. Its JSON text is made once,
 * and shared by every list and watch that shows this state.
 */
export class StoredObject {
  readonly object: KubernetesObject;
  #fields: string | undefined;

  /** @param object - given away: nobody may change it any more. It has `metadata`. */
  constructor(object: KubernetesObject) {
    this.object = object;
  }

  /** The object as JSON, as a version of its resource shows it. */
  json(resource: ServedResource): string {
    const kind = JSON.stringify(resource.kind);
    const apiVersion = JSON.stringify(formatGroupVersion(resource));
    return `{"kind":${kind},"apiVersion":${apiVersion},${this.#fieldsJson(resource)}`;
  }

  /** The object as JSON without kind and version, as items of built-in lists are sent. */
  itemJson(resource: ServedResource): string {
    return `{${this.#fieldsJson(resource)}`;
  }

  /** The same state under another resource version, such as the one of its deletion. */
  at(revision: number): StoredObject {
    const { metadata, ...rest } = this.object;
    return new StoredObject({ ...rest, metadata: { ...metadata, resourceVersion: String(revision) } });
  }

  /** Versions differ in their kind and version only, but for a few that are converted each time. */
  #fieldsJson(resource: ServedResource): string {
    if (converts(resource)) return fieldsJson(fromStorage(resource, this.object));
    this.#fields ??= fieldsJson(this.object);
    return this.#fields;
  }
}

/** JSON of an object without kind and version, after its opening brace. */
function fieldsJson({ kind: _kind, apiVersion: _apiVersion, ...fields }: KubernetesObject): string {
  return JSON.stringify(fields).slice(1);
}
