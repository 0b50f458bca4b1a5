import { isDeepStrictEqual } from 'node:util';
import type { KubernetesObject } from '@client-ts/apimachinery';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { ResourceClient } from '@client-ts/rest';
import { withoutManagedFields } from './whole-object.js';

/** Writes to a server, and remembers every state that an object had there. */
export class ServerHistory {
  readonly #client: ResourceClient<KubernetesObject, unknown>;
  readonly #states = new Map<string, KubernetesObject>();
  readonly #deletions = new Map<string, number>();
  #writes = 0;

  constructor(client: ResourceClient<KubernetesObject, unknown>) {
    this.#client = client;
  }

  /** Creates the object, or changes it. */
  async set(name: string): Promise<void> {
    const labels = { write: String(++this.#writes) };
    const patch = { type: 'merge', patch: { metadata: { labels } } } as const;
    let stored: KubernetesObject;
    try {
      stored = await this.#client.patch(name, patch);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      stored = await this.#client.create({ metadata: { name, labels } });
    }
    this.#states.set(idOf(stored), stored);
  }

  /** Deletes the object, if it is there. */
  async delete(name: string): Promise<void> {
    try {
      await this.#client.delete(name);
      this.#deletions.set(name, this.deletionsOf(name) + 1);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** How often the object of this name was deleted. */
  deletionsOf(name: string): number {
    return this.#deletions.get(name) ?? 0;
  }

  /** Whether an object ever was like this at the server, but for managed fields where it has none. */
  knows(object: KubernetesObject): boolean {
    const state = this.#states.get(idOf(object));
    const isWhole = object.metadata?.managedFields !== undefined;
    return isDeepStrictEqual(state && !isWhole ? withoutManagedFields(state) : state, object);
  }
}

function idOf({ metadata }: KubernetesObject): string {
  return `${metadata?.name}@${metadata?.resourceVersion}`;
}
