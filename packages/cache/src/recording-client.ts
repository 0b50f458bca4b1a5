import type { DeleteOptions, KubernetesObject, Lister, RequestOptions, WriteOptions } from '@client-ts/apimachinery';
import { escapeFieldValue } from '@client-ts/apimachinery/fields';
import { CacheError, type CacheErrorHandler, newErrorReporter } from './error-handler.js';
import { metaNamespaceKey } from './key.js';

/** Where answers of the server are recorded; see `WriteOverlay`. */
export interface WriteRecorder<In> {
  record(object: In): void;
  recordGone(key: string, resourceVersion: string): void;
  /** Left out by who takes no lists: then `deleteCollection` is seen when the watch brings it. */
  recordAll?(objects: readonly In[], resourceVersion: string, namespace?: string): void;
}

export interface RecordingClientOptions {
  /** The client's namespace. Left out for resources that have none. */
  readonly namespace?: string | undefined;
  /** Told when what came of a write cannot be read: it is then seen when the watch brings it. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
}

/** Methods that answer with the object as it is from then on, unless a subresource is named, and where their options are. */
const Answering: ReadonlyMap<PropertyKey, number> = new Map([
  ['create', 1],
  ['update', 1],
  ['updateStatus', 1],
  ['patch', 2],
  ['apply', 1],
  ['applyStatus', 1],
  // Of some resources only.
  ['updateEphemeralContainers', 1],
  ['updateResize', 1],
  ['updateApproval', 1],
  ['finalize', 1],
  ['createWithEventNamespace', 1],
  ['updateWithEventNamespace', 1],
  ['patchWithEventNamespace', 2],
]);

/** Methods that change an object and do not answer with it, and where their options are. */
const Silent: ReadonlyMap<PropertyKey, number> = new Map([
  ['delete', 1],
  // Of some resources only.
  ['evict', 1],
  ['bind', 1],
  ['updateScale', 2],
  ['applyScale', 2],
]);

/** What the answer to a write to a subresource is; of those that are not named, something else of the same name, as a Scale. */
const Subresources: ReadonlyMap<string | undefined, 'the object' | 'no change of it'> = new Map([
  [undefined, 'the object'],
  ['status', 'the object'],
  ['approval', 'the object'],
  ['ephemeralcontainers', 'the object'],
  ['finalize', 'the object'],
  ['resize', 'the object'],
  ['token', 'no change of it'],
]);

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same client, except that what its writes make of objects is recorded, before they resolve. Dry runs are not.
 *
 * What answers with the object costs nothing: `create`, `update`, `patch`, `apply`, and what of pods, namespaces, events and
 * certificate signing requests does so, too. Other writes are followed by a list of that one name, which servers answer like a GET:
 *
 * - `delete`, `evict`, and a write that takes away the last finalizer. The object may still be there, about to go, and no answer
 *   tells the version as of which one is gone. Who deletes by the thousand uses the client itself.
 * - `bind`, `updateScale`, `applyScale`, and other writes to subresources: what they answer is not the object.
 *
 * `deleteCollection` is followed by a list of all that its namespace has: whether an object that the selector does not find is
 * gone, or has other labels by now, only such a list tells. Who deletes from namespaces with many objects uses the client itself.
 *
 * Everything else does as it did. What somebody else makes of a write, such as the pods that a new scale brings, or the dependents of
 * what was deleted, is seen when the watch brings it; so are writes to other resources, as by the clients of `scale`.
 */
export function recordingClient<In extends KubernetesObject, C extends Lister<In>>(
  client: C & Lister<In>,
  recorder: WriteRecorder<In>,
  options: RecordingClientOptions = {},
): C {
  const writes = new RecordedWrites(client, recorder, options);
  return new Proxy<C>(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === 'function' ? writes.recorded(property, value.bind(target) as Method) : value;
    },
  });
}

/** Records what comes of a client's writes. */
class RecordedWrites<In extends KubernetesObject> {
  readonly #client: Lister<In>;
  readonly #recorder: WriteRecorder<In>;
  readonly #namespace: string | undefined;
  readonly #report: CacheErrorHandler;

  constructor(client: Lister<In>, recorder: WriteRecorder<In>, { namespace, onError }: RecordingClientOptions) {
    this.#client = client;
    this.#recorder = recorder;
    this.#namespace = namespace;
    this.#report = newErrorReporter(onError);
  }

  /** The client's method of that name, which resolves when what it made is recorded. */
  recorded(name: PropertyKey, method: Method): Method {
    const record = this.#recordingOf(name);
    if (!record) return method;
    return async (...args) => {
      const answer = await method(...args);
      await record(answer, args);
      return answer;
    };
  }

  #recordingOf(name: PropertyKey): ((answer: unknown, args: readonly unknown[]) => Promise<void>) | undefined {
    if (name === 'deleteCollection')
      return (_, [options]) => this.#afterCollection(options as DeleteOptions | undefined);
    const [answeringAt, silentAt] = [Answering.get(name), Silent.get(name)];
    if (answeringAt !== undefined)
      return (answer, args) => this.#afterAnswer(answer as In, args[0], args[answeringAt] as WriteOptions | undefined);
    if (silentAt !== undefined)
      return (_, args) => this.#afterSilence(args[0], args[silentAt] as WriteOptions | undefined);
    return undefined;
  }

  async #afterAnswer(answer: In, written: unknown, options: WriteOptions = {}): Promise<void> {
    if (options.dryRun) return;
    const what = Subresources.get(options.subresource);
    if (what === undefined) await this.#findOut(written, options);
    if (what !== 'the object' || !answer.metadata?.name) return;
    if (isLetGo(answer)) await this.#findOut(answer, options);
    else this.#recorder.record(answer);
  }

  async #afterSilence(written: unknown, options: WriteOptions = {}): Promise<void> {
    if (!options.dryRun) await this.#findOut(written, options);
  }

  async #afterCollection({ dryRun, ...options }: DeleteOptions = {}): Promise<void> {
    const recorder = this.#recorder;
    if (!recorder.recordAll || dryRun) return;
    await this.#ask('what came of deletecollection', options, undefined, async (request) => {
      const { metadata, items } = await this.#client.list(request);
      recorder.recordAll?.(items, metadata.resourceVersion ?? '', this.#namespace);
    });
  }

  /** @param written - an object, or its name. */
  async #findOut(written: unknown, options: RequestOptions): Promise<void> {
    const { name, namespace: own = this.#namespace } = nameOf(written);
    if (!name) return;
    const key = metaNamespaceKey({ metadata: { name, ...(own ? { namespace: own } : {}) } });
    await this.#ask('what came of a write', options, key, async (request) => {
      const fieldSelector = `metadata.name=${escapeFieldValue(name)}`;
      const { metadata, items } = await this.#client.list({ fieldSelector, ...request });
      const left = items.find(({ metadata: its }) => its?.name === name && (its.namespace ?? own) === own);
      if (left) this.#recorder.record(left);
      else this.#recorder.recordGone(key, metadata.resourceVersion ?? '');
    });
  }

  async #ask(
    what: string,
    { signal, timeoutMs }: RequestOptions,
    key: string | undefined,
    work: (request: RequestOptions) => Promise<void>,
  ): Promise<void> {
    try {
      await work({ signal, timeoutMs });
    } catch (error) {
      // The write itself has succeeded, whatever its caller waits for.
      if (!signal?.aborted) this.#report(new CacheError('list', `${what} is not known`, error, key));
    }
  }
}

/** Methods name what they change by an object of its name, or by the name alone. */
function nameOf(object: unknown): { readonly name?: string | undefined; readonly namespace?: string | undefined } {
  return typeof object === 'string' ? { name: object } : ((object as KubernetesObject | undefined)?.metadata ?? {});
}

/** Whether it was about to go, and nothing holds it any more: the server has removed it with the write that it answers. */
function isLetGo({ metadata }: KubernetesObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata ?? {};
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}
