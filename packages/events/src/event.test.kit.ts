import type { Event } from '@client-ts/api/core/v1';
import type { Clock, KubernetesObject, Patch } from '@client-ts/apimachinery';
import { newNotFound } from '@client-ts/apimachinery/errors';
import { applyStrategicMergePatch } from '@client-ts/apimachinery/patch';
import { timeOf } from './event-time.js';
import type { EventSink } from './event-sink.js';
import type { WrittenReference } from './object-reference.js';

/** A write that a sink was asked for. */
export interface Write<E> {
  readonly verb: 'create' | 'patch';
  readonly event: E;
  readonly patch?: Patch;
}

/** Keeps events as a server does, unless it is told to fail. */
export class MemorySink<E extends KubernetesObject> implements EventSink<E> {
  readonly writes: Write<E>[] = [];
  readonly stored = new Map<string, E>();
  /** Called before each write: may throw, or make it wait. */
  before: (write: Write<E>) => void | Promise<void> = () => {};
  /** Called when a write is done, before its answer arrives: may throw. */
  after: (write: Write<E>) => void = () => {};

  create(event: E): Promise<E> {
    return this.#write({ verb: 'create', event }, () => event);
  }

  patch(event: E, patch: Patch): Promise<E> {
    return this.#write({ verb: 'patch', event, patch }, () => {
      const old = this.stored.get(event.metadata?.name ?? '');
      if (!old) throw newNotFound({ group: '', resource: 'events' }, event.metadata?.name ?? '');
      if (patch.type !== 'strategic') throw new Error(`a patch of type ${patch.type}`);
      return applyStrategicMergePatch(old, patch.patch, undefined) as E;
    });
  }

  /** The verbs asked for, with what tells the events apart. */
  log(of: (event: E) => unknown): string[] {
    return this.writes.map(({ verb, event }) => `${verb} ${String(of(event))}`);
  }

  async #write(write: Write<E>, change: () => E): Promise<E> {
    this.writes.push(write);
    await this.before(write);
    const event = change();
    this.stored.set(event.metadata?.name ?? '', event);
    this.after(write);
    return event;
  }
}

/** As client-go's tests have it. */
export function podReference(name = 'pod1', namespace = 'other'): WrittenReference {
  const uid = 'C934D34AFB20242';
  return { kind: 'Pod', name, namespace, uid, apiVersion: 'version', fieldPath: 'spec.containers{mycontainer}' };
}

/** An event as it comes from a recorder. */
export function coreEvent(clock: Clock, reason: string, message: string, involvedObject = podReference()): Event {
  const now = timeOf(clock.now());
  return {
    metadata: { name: `${involvedObject.name}.${clock.now().toString(16)}`, namespace: involvedObject.namespace ?? '' },
    involvedObject,
    reason,
    message,
    source: { component: 'kubelet', host: 'kublet.node1' },
    count: 1,
    firstTimestamp: now,
    lastTimestamp: now,
    type: 'Normal',
  };
}
