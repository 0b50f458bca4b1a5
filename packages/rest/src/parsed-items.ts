import type { DecodeOptions, KubernetesObject } from '@client-ts/apimachinery';
import { Carry } from './carry.js';
import { decodeJson, isPlainObject } from './decode-json.js';
import type { ItemReader, TypeMeta } from './item-reader.js';
import { jointText } from './joint-text.js';
import { dropManagedFields } from './managed-fields.js';

/** Items as objects. */
export class ParsedItems<T extends KubernetesObject> implements ItemReader<T> {
  readonly #options: Omit<DecodeOptions, 'type'>;
  readonly #carry: Carry;

  constructor(options: Omit<DecodeOptions, 'type'>) {
    this.#options = options;
    this.#carry = new Carry(options.what);
  }

  fromBytes(head: Uint8Array, tail: Uint8Array, type: TypeMeta): T | undefined {
    const item = decodeJson(this.#options.what, jointText(this.#carry, [head, tail]));
    return isPlainObject(item) ? this.fromValue(item as T, type) : undefined;
  }

  fromValue(item: T, { apiVersion, kind }: TypeMeta): T {
    if (this.#options.dropManagedFields) dropManagedFields(item);
    item.apiVersion ??= apiVersion;
    item.kind ??= kind;
    return item;
  }
}
