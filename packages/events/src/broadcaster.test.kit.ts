import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import type { EventApi } from './event-api.js';
import { EventBroadcaster, type EventBroadcasterOptions } from './event-broadcaster.js';
import type { EventError } from './event-error.js';
import type { EventRecorder } from './event-recorder.js';
import { MemorySink } from './event.test.kit.js';

/** A broadcaster on virtual time that writes to memory, a recorder of it, and what it told to `onError`. */
export class Scene<E extends KubernetesObject> implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly errors: EventError[] = [];
  readonly sink: MemorySink<E> = new MemorySink();
  readonly broadcaster: EventBroadcaster<E>;
  readonly recorder: EventRecorder;

  constructor(api: EventApi<E>, options: EventBroadcasterOptions = {}) {
    const onError = (error: EventError): number => this.errors.push(error);
    this.broadcaster = new EventBroadcaster(api, { clock: this.clock, onError, ...options });
    this.broadcaster.recordTo(this.sink);
    this.recorder = this.broadcaster.recorder({ component: 'eventTest' });
  }

  get failures(): string[] {
    return this.errors.map(({ failure }) => failure);
  }

  /** To the last write, which in virtual time is now; what still waits then is lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = this.broadcaster[Symbol.asyncDispose]();
    await this.clock.advance(5000);
    await closed;
  }
}
