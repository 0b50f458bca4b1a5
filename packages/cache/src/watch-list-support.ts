import type { ListOrigin } from '@client-ts/apimachinery';

/** Resources whose initial events a server does not send, by server. */
const unsupported = new WeakMap<object, Set<string>>();

/**
 * What is known of a server that streams initial events (KEP-3157), or does not. What one Reflector finds out, by a refusal or by
 * waiting for events that do not come, the others need not: it is remembered for each server and resource, as long as
 * there are clients of that server. Of a source that does not say whom it asks, by the Reflector alone.
 */
export class WatchListSupport {
  readonly #origin: ListOrigin;

  constructor(origin: ListOrigin | undefined) {
    this.#origin = origin ?? { server: this, resource: '' };
  }

  /** Whether initial events are worth asking for. */
  get isLikely(): boolean {
    return !unsupported.get(this.#origin.server)?.has(this.#origin.resource);
  }

  /** The server did not send them. */
  lacking(): void {
    const { server, resource } = this.#origin;
    const resources = unsupported.get(server) ?? new Set();
    unsupported.set(server, resources.add(resource));
  }
}
