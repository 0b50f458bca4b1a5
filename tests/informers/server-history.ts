import { isDeepStrictEqual } from 'node:util';
import type { ConfigMap } from '@client-ts/api/core/v1';
import { isNotFound } from '@client-ts/apimachinery/errors';
import type { ResourceClient } from '@client-ts/rest';

/** Writes to a server, and remembers every state that an object had there. */
export class ServerHistory {
  readonly #client: ResourceClient<ConfigMap, unknown>;
  readonly #states = new Map<string, ConfigMap>();
  #writes = 0;

  constructor(client: ResourceClient<ConfigMap, unknown>) {
    this.#client = client;
  }

  /** Creates the object, or changes it. */
  async set(name: string): Promise<void> {
    const data = { write: String(++this.#writes) };
    const patch = { type: 'merge', patch: { data } } as const;
    let stored: ConfigMap;
    try {
      stored = await this.#client.patch(name, patch);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      stored = await this.#client.create({ metadata: { name }, data });
    }
    this.#states.set(idOf(stored), stored);
  }

  /** Deletes the object, if it is there. */
  async delete(name: string): Promise<void> {
    try {
      await this.#client.delete(name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Whether an object ever was like this at the server. */
  knows(object: ConfigMap): boolean {
    return isDeepStrictEqual(this.#states.get(idOf(object)), object);
  }
}

function idOf({ metadata }: ConfigMap): string {
  return `${metadata?.name}@${metadata?.resourceVersion}`;
}
