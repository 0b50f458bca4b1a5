import type { DecodeOptions, KubernetesObject } from '@client-ts/apimachinery';
import { decodeJson, isPlainObject } from './decode-json.js';
import type { ItemReader, TypeMeta } from './item-reader.js';
import { Joint } from './joint.js';
import { dropManagedFields } from './managed-fields.js';

/** Items as objects. */
export class ParsedItems<T extends KubernetesObject> implements ItemReader<T> {
  readonly #options: Omit<DecodeOptions, 'type'>;
  readonly #joint: Joint;

  constructor(options: Omit<DecodeOptions, 'type'>) {
    this.#options = options;
    this.#joint = new Joint(options.what);
  }

  fromBytes(head: Uint8Array, tail: Uint8Array, type: TypeMeta): T | undefined {
    const item = decodeJson(this.#options.what, this.#joint.text([head, tail]));
    return isPlainObject(item) ? this.fromValue(item as T, type) : undefined;
  }

  fromValue(item: T, { apiVersion, kind }: TypeMeta): T {
    if (this.#options.dropManagedFields) dropManagedFields(item);
    item.apiVersion ??= apiVersion;
    item.kind ??= kind;
    return item;
  }
}
