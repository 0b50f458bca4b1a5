import type { KubernetesObject } from '@client-ts/apimachinery';
import { type CachedObject, type ObjectKey, splitMetaNamespaceKey } from '@client-ts/cache';

/** Of what is no longer at hand: a deletion that no server told of. */
export class LetGo implements KubernetesObject {
  readonly metadata: { readonly namespace?: string; readonly name: string; readonly resourceVersion: string };
  readonly #lastOf: () => CachedObject | undefined;

  /** @param lastOf - gives the state that the reader has. */
  constructor(key: ObjectKey, resourceVersion: string, lastOf: (key: ObjectKey) => CachedObject | undefined) {
    const { namespace, name } = splitMetaNamespaceKey(key);
    this.#lastOf = () => lastOf(key);
    this.metadata = { ...(namespace ? { namespace } : {}), name, resourceVersion };
  }

  /** What the reader has of it; itself, where that has not arrived there yet. */
  get last(): CachedObject {
    return this.#lastOf() ?? this;
  }
}
