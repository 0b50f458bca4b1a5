import { type Channel, channel } from 'node:diagnostics_channel';
import type { TransportEvent, TransportObserver } from '@client-ts/rest';

const types = [
  'connected',
  'connectFailed',
  'disconnected',
  'requestStarted',
  'responseStarted',
  'requestEnded',
  'requestFailed',
  'tlsReloaded',
  'tlsReloadFailed',
] as const satisfies readonly TransportEvent['type'][];

/** Channels of `node:diagnostics_channel`, made when the first transport is. */
let channels: Readonly<Record<TransportEvent['type'], Channel>> | undefined;

/** Tells what happens to whoever wants to know: `client-ts:transport:<type>` channels, and observers. */
export class TransportEvents {
  readonly #observers: ReadonlySet<TransportObserver>;
  readonly #channels: Readonly<Record<TransportEvent['type'], Channel>>;

  /** @param observers - may change later. */
  constructor(observers: ReadonlySet<TransportObserver>) {
    this.#observers = observers;
    this.#channels = channels ??= Object.fromEntries(
      types.map((type) => [type, channel(`client-ts:transport:${type}`)]),
    ) as Record<TransportEvent['type'], Channel>;
  }

  /** Whether anybody listens: an event that nobody hears need not be made. */
  wants(type: TransportEvent['type']): boolean {
    return this.#observers.size > 0 || this.#channels[type].hasSubscribers;
  }

  emit(event: TransportEvent): void {
    // What a subscriber throws, Node.js itself reports as uncaught.
    const { [event.type]: channel } = this.#channels;
    if (channel.hasSubscribers) channel.publish(event);
    for (const observer of this.#observers) {
      try {
        observer(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
