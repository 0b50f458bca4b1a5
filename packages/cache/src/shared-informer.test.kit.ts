import type { KubernetesObject } from '@client-ts/apimachinery';
import { FakeClock, settle } from '@client-ts/apimachinery/testing';
import { DeltaFIFO } from './delta-fifo.js';
import type { CacheError } from './error-handler.js';
import type { ResourceEventHandler } from './event-handler.js';
import { RealFIFO } from './real-fifo.js';
import { CountingAbort } from './reflector.test.kit.js';
import type { SharedIndexInformerOptions } from './shared-informer-options.js';
import { SharedIndexInformer } from './shared-informer.js';
import { FakeSource } from './testing/fake-source.js';

export interface Thing extends KubernetesObject {
  spec?: { color?: string; tags?: string[] };
}

export function thing(name: string, color?: string): Thing {
  return { metadata: { namespace: 'ns', name }, ...(color === undefined ? {} : { spec: { color } }) };
}

export type Options = SharedIndexInformerOptions<Thing, string>;
export type NewQueue = NonNullable<Options['newQueue']>;

/** The queues that everything holds for. */
export const queues: readonly (readonly [name: string, newQueue: NewQueue])[] = [
  ['RealFIFO', (options) => new RealFIFO(options)],
  ['DeltaFIFO', (options, knownObjects) => new DeltaFIFO({ ...options, knownObjects })],
];

/** An informer in virtual time. */
export interface Setting {
  readonly clock: FakeClock;
  readonly source: FakeSource<Thing>;
  readonly informer: SharedIndexInformer<Thing, string>;
  readonly errors: CacheError[];
  readonly stop: CountingAbort;
  /** Starts it, and waits until it has synced. Resolves with what its run resolves with. */
  readonly start: () => Promise<{ readonly ended: Promise<void> }>;
}

export function setUp(options: Options & { readonly objects?: readonly Thing[] } = {}): Setting {
  const { objects = [], ...rest } = options;
  const clock = new FakeClock(0);
  const source = new FakeSource<Thing>();
  for (const object of objects) source.set(object);
  const errors: CacheError[] = [];
  const onError = (error: CacheError): void => void errors.push(error);
  const informer = new SharedIndexInformer<Thing, string>(source, { clock, onError, name: 'things', ...rest });
  const stop = new CountingAbort();
  const start = async (): Promise<{ readonly ended: Promise<void> }> => {
    const ended = informer.run({ signal: stop.signal });
    await settle();
    return { ended };
  };
  return { clock, source, informer, errors, stop, start };
}

/** Writes down what a handler is told, as `add a`, `update a` or `delete a`. */
export class Recorder implements ResourceEventHandler<Thing> {
  told: string[] = [];

  onAdd(object: Thing, isInInitialList: boolean): void {
    this.told.push(`add ${object.metadata?.name}${isInInitialList ? ' initially' : ''}`);
  }

  onUpdate(oldObject: Thing, newObject: Thing): void {
    this.told.push(`${oldObject === newObject ? 'resync' : 'update'} ${newObject.metadata?.name}`);
  }

  onDelete({ key, finalStateUnknown }: Parameters<NonNullable<ResourceEventHandler<Thing>['onDelete']>>[0]): void {
    this.told.push(`delete ${key}${finalStateUnknown ? ' unseen' : ''}`);
  }

  /** What was told since the last call. */
  since(): string[] {
    return this.told.splice(0);
  }
}
