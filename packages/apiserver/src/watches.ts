import { formatGroupResource, type GroupResource, type GroupVersionResource } from '@client-ts/apimachinery';
import { newResourceExpired } from '@client-ts/apimachinery/errors';
import type { WatchStream } from './reads/watch-stream.js';
import type { ServedResource } from './resource-registry.js';

/** The watches that are open now. */
export class Watches {
  readonly #open = new Set<WatchStream>();
  readonly #waiters = new Set<() => void>();

  add(stream: WatchStream): void {
    this.#open.add(stream);
    this.changed();
  }

  delete(stream: WatchStream): void {
    this.#open.delete(stream);
    this.changed();
  }

  /** Wakes those who wait for a state of the watches. */
  readonly changed = (): void => {
    for (const waiter of this.#waiters) waiter();
  };

  /** How many watches on a resource are open. */
  count(resource: GroupResource): number {
    const name = formatGroupResource(resource);
    return [...this.#open].filter((stream) => formatGroupResource(stream.resource) === name).length;
  }

  /** Resolves when `holds` does; asks again whenever something about the watches changes. */
  until(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#waiters.delete(ask);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = (): void => {
        done();
        reject(signal?.reason as Error);
      };
      const ask = (): void => {
        if (!holds()) return;
        done();
        resolve();
      };
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiters.add(ask);
      ask();
    });
  }

  /** Whether every reader has taken everything. */
  get idle(): boolean {
    return [...this.#open].every((stream) => stream.idle);
  }

  /** Ends the watches on resources that are no longer served. */
  endOf(resources: readonly ServedResource[]): void {
    for (const stream of this.#open) if (resources.some((gone) => isSame(gone, stream.resource))) stream.end();
  }

  end(how: 'expired' | 'eof'): void {
    const error =
      how === 'expired' ? newResourceExpired('The resourceVersion for the provided watch is too old.') : undefined;
    for (const stream of this.#open) stream.end(error);
  }
}

function isSame(a: GroupVersionResource, b: GroupVersionResource): boolean {
  return a.group === b.group && a.version === b.version && a.resource === b.resource;
}
