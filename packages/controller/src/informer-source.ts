import type {
  CachedObject,
  HandlerOptions,
  ResourceEventHandler,
  ResourceEventHandlerRegistration,
  Store,
} from '@client-ts/cache';
import { metaNamespaceKey } from '@client-ts/cache';
import { LowPriority } from '@client-ts/workqueue';
import { type Change, isBackground, versionOf } from './change.js';
import type { ObjectRef } from './object-ref.js';
import type { Predicate } from './predicate.js';
import type { Reason } from './reason.js';
import type { Source, SourceTarget, StartedSource } from './source.js';
import type { WriteLog } from './write-log.js';

/** Where changes of a resource come from: an informer, or a `ReadYourWrites`. */
export interface WatchedResource<T> {
  readonly name: string;
  readonly indexer: Pick<Store<T>, 'getByKey' | 'list'>;
  addEventHandler(handler: ResourceEventHandler<T>, options?: HandlerOptions): ResourceEventHandlerRegistration;
  /** What this process wrote, where that is known. */
  readonly writes?: WriteLog | undefined;
}

export interface InformerSourceOptions<T> {
  /** Which changes are told. Default: all. */
  readonly predicate?: Predicate<T> | undefined;
  /**
   * Leave out changes that this process made by itself, under a resource version, with nothing of anybody else's in them; see
   * `WriteLog`. Needs a `ReadYourWrites`. Default: false.
   */
  readonly dropOwn?: boolean | undefined;
}

/** Tells of the objects that `refsOf` finds for each object which changes; of an update for its states before and after. */
export class InformerSource<T extends CachedObject> implements Source {
  readonly name: string;
  readonly #resource: WatchedResource<T>;
  readonly #refsOf: (object: T) => Iterable<ObjectRef>;
  readonly #predicate: Predicate<T> | undefined;
  readonly #dropOwn: boolean;

  /** @throws TypeError when changes of one's own are to be left out, and nothing records them. */
  constructor(
    resource: WatchedResource<T>,
    refsOf: (object: T) => Iterable<ObjectRef>,
    options: InformerSourceOptions<T>,
  ) {
    this.name = resource.name;
    this.#resource = resource;
    this.#refsOf = refsOf;
    this.#predicate = options.predicate;
    this.#dropOwn = options.dropOwn ?? false;
    if (this.#dropOwn && !resource.writes)
      throw new TypeError(`${this.name}: dropOwn: expected a ReadYourWrites, which knows what was written`);
  }

  start(target: SourceTarget): StartedSource {
    const tell = (change: Change<T>): void => this.#tell(change, target);
    const handler: ResourceEventHandler<T> = {
      onAdd: (object, isInInitialList) => tell({ type: 'add', object, isInInitialList }),
      onUpdate: (oldObject, object) => tell({ type: 'update', oldObject, object }),
      // Of one that nobody has seen nothing is known to be reconciled.
      onDelete: ({ object }) => object && tell({ type: 'delete', object }),
    };
    const registration = this.#resource.addEventHandler(handler, { name: target.controller });
    return {
      synced: (options) => registration.waitForSync(options),
      [Symbol.asyncDispose]: () => registration[Symbol.asyncDispose](),
    };
  }

  #tell(change: Change<T>, target: SourceTarget): void {
    const key = metaNamespaceKey(change.object);
    const { writes } = this.#resource;
    // Whose change it is, is known when the writes that are under way have been answered.
    if (writes && (this.#dropOwn || writes.isTraced)) writes.whenAnswered(key, () => this.#decide(key, change, target));
    else this.#decide(key, change, target);
  }

  #decide(key: string, change: Change<T>, target: SourceTarget): void {
    const { writes } = this.#resource;
    if (this.#dropOwn && writes?.isOwn(change)) return;
    if (!this.#passes(key, change, target)) return;
    const background = isBackground(change);
    const reasons: Reason[] = [`${this.name} ${change.type} ${key}`];
    const cause = writes?.spanOf(versionOf(change.object));
    if (cause) reasons.push(cause);
    const options = { reasons, ...(background ? { priority: LowPriority } : {}) };
    for (const ref of this.#refs(key, change, target)) target.enqueue(ref, options);
  }

  #passes(key: string, change: Change<T>, target: SourceTarget): boolean {
    try {
      return this.#predicate?.(change) ?? true;
    } catch (error) {
      target.report('predicate', `the predicate of ${this.name} threw at`, error, key);
      return true;
    }
  }

  *#refs(key: string, change: Change<T>, target: SourceTarget): Generator<ObjectRef> {
    const states = change.type === 'update' ? [change.oldObject, change.object] : [change.object];
    for (const state of new Set(states)) {
      try {
        yield* this.#refsOf(state);
      } catch (error) {
        target.report('map', `what ${this.name} has to do with other objects could not be told of`, error, key);
      }
    }
  }
}
