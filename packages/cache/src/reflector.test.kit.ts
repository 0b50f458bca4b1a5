import type { KubernetesObject, ListerWatcher, ListOptions } from '@client-ts/apimachinery';
import { FakeClock } from '@client-ts/apimachinery/testing';
import type { CacheError } from './error-handler.js';
import { metaNamespaceKey } from './key.js';
import type { ReflectorStore } from './queue.js';
import { Reflector } from './reflector.js';
import type { ReflectorOptions } from './reflector-options.js';
import { FakeSource } from './testing/fake-source.js';

/** The longest first pause: 800 ms, and up to as much again by chance. */
export const FirstPauseMs = 1600;

/** What a transport gives for a connection that broke. */
export function broken(failure: string): Error {
  return Object.assign(new Error(failure), { name: 'TransportError', failure });
}

/** A failure, and what comes of it. */
export interface FailureRow {
  readonly what: string;
  readonly error: Error;
  /** What is asked for next, until there is a watch again. */
  readonly next: readonly string[];
  /** Whether that happens at once. */
  readonly atOnce?: true;
  /** Nothing is reported. */
  readonly silent?: true;
}

export function named(name: string, version?: string): KubernetesObject {
  return { metadata: version === undefined ? { name } : { name, resourceVersion: version } };
}

/** A store that writes down what it is told, and what it then holds. */
export class RecordingStore implements ReflectorStore<KubernetesObject> {
  readonly calls: string[] = [];
  readonly objects: Map<string, KubernetesObject> = new Map<string, KubernetesObject>();

  add(object: KubernetesObject): void {
    this.calls.push(`add ${this.#set(object)}`);
  }

  update(object: KubernetesObject): void {
    this.calls.push(`update ${this.#set(object)}`);
  }

  delete(object: KubernetesObject): void {
    const key = metaNamespaceKey(object);
    this.objects.delete(key);
    this.calls.push(`delete ${key}`);
  }

  replace(objects: readonly KubernetesObject[], resourceVersion: string): void {
    this.objects.clear();
    this.calls.push(`replace [${objects.map((object) => this.#set(object)).join(', ')}] at ${resourceVersion}`);
  }

  bookmark(resourceVersion: string): void {
    this.calls.push(`bookmark ${resourceVersion}`);
  }

  #set(object: KubernetesObject): string {
    const key = metaNamespaceKey(object);
    this.objects.set(key, object);
    return key;
  }
}

/** An abort signal that knows how many listen to it. All who do listen once, so that none is left after it has aborted. */
export class CountingAbort extends AbortController {
  readonly #listeners = new Set<unknown>();
  mostListeners = 0;

  constructor() {
    super();
    const { signal } = this;
    const add = signal.addEventListener.bind(signal) as (...args: unknown[]) => void;
    const remove = signal.removeEventListener.bind(signal) as (...args: unknown[]) => void;
    signal.addEventListener = (...[type, listener, options]: unknown[]) => {
      if (!(options as AddEventListenerOptions).once) throw new Error('it listens for more than one abort');
      this.#listeners.add(listener);
      this.mostListeners = Math.max(this.mostListeners, this.#listeners.size);
      add(type, listener, options);
    };
    signal.removeEventListener = (...[type, listener]: unknown[]) => {
      this.#listeners.delete(listener);
      remove(type, listener);
    };
  }

  get listeners(): number {
    return this.signal.aborted ? 0 : this.#listeners.size;
  }
}

/** A reflector that runs on a source, in virtual time. */
export interface Running {
  readonly clock: FakeClock;
  readonly source: FakeSource;
  readonly store: RecordingStore;
  readonly errors: CacheError[];
  readonly reflector: Reflector<KubernetesObject>;
  readonly stop: CountingAbort;
  /** Resolves when the reflector has ended. */
  readonly ended: Promise<void>;
  /** The versions that were asked for, with `list`, `watch` or `watchList` before them. */
  readonly requests: () => string[];
}

export interface RunOptions extends ReflectorOptions {
  readonly source?: FakeSource | undefined;
  readonly store?: RecordingStore | undefined;
  /** Stands between the reflector and the source. */
  readonly through?: ((source: FakeSource) => ListerWatcher<KubernetesObject>) | undefined;
}

/** Without initial events unless they are asked for, so that the two ways to begin are told apart. */
export function run(runOptions: RunOptions = {}): Running {
  const { source = new FakeSource(), store = new RecordingStore(), through, ...options } = runOptions;
  const clock = new FakeClock();
  const errors: CacheError[] = [];
  const requests: string[] = [];
  const inner: ListerWatcher<KubernetesObject> = through?.(source) ?? source;
  const recording: ListerWatcher<KubernetesObject> = {
    ...(inner.listItems && {
      listItems: (request: ListOptions | undefined) => {
        requests.push(`items ${JSON.stringify(request?.resourceVersion)}`);
        return inner.listItems!(request);
      },
    }),
    origin: inner.origin,
    list: (request) => {
      requests.push(`list ${JSON.stringify(request?.resourceVersion)}`);
      return inner.list(request);
    },
    watch: (request) => {
      requests.push(
        `${request?.sendInitialEvents ? 'watchList' : 'watch'} ${JSON.stringify(request?.resourceVersion)}`,
      );
      return inner.watch(request);
    },
  };
  const onError = (error: CacheError): void => void errors.push(error);
  const reflector = new Reflector(recording, store, { watchList: false, clock, onError, ...options });
  const stop = new CountingAbort();
  const ended = reflector.run({ signal: stop.signal });
  return { clock, source, store, errors, reflector, stop, ended, requests: () => requests.splice(0) };
}
