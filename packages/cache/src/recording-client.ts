import type { DeleteOptions, KubernetesObject, Lister, RequestOptions, WriteOptions } from '@client-ts/apimachinery';
import { escapeFieldValue } from '@client-ts/apimachinery/fields';
import { CacheError, type CacheErrorHandler, newErrorReporter } from './error-handler.js';
import { metaNamespaceKey } from './key.js';

/** Where answers of the server are recorded; see `WriteOverlay`. */
export interface WriteRecorder<In> {
  record(object: In): void;
  recordGone(key: string, resourceVersion: string): void;
}

export interface RecordingClientOptions {
  /** The client's namespace. Left out for resources that have none. */
  readonly namespace?: string | undefined;
  /** Told when what came of a deletion cannot be read: it is then seen when the watch brings it. Default: `console.error`. */
  readonly onError?: CacheErrorHandler | undefined;
}

/** Methods that answer with the object as it is from then on, and where their options are. */
const Writes: ReadonlyMap<PropertyKey, number> = new Map([
  ['create', 1],
  ['update', 1],
  ['updateStatus', 1],
  ['patch', 2],
  ['apply', 1],
  ['applyStatus', 1],
]);

/** Subresources whose answer is the object itself, and not, such as a Scale, something else of the same name. */
const WholeObject: ReadonlySet<string | undefined> = new Set([
  undefined,
  'status',
  'approval',
  'ephemeralcontainers',
  'finalize',
  'resize',
]);

type Method = (...args: unknown[]) => Promise<unknown>;

/**
 * The same client, except that what the server answers to `create`, `update`, `patch`, `apply` and `delete` is recorded, before
 * they resolve. Dry runs are not.
 *
 * A deletion may leave an object there that is about to go, for its finalizers or its grace period, and no answer tells the
 * version as of which one is gone; so `delete`, and a write that takes away the last finalizer, also ask for a list of that one
 * name, which servers answer like a GET. Who deletes by the thousand uses the client itself.
 *
 * `deleteCollection`, and methods that only some clients have, do as they did: their effect is seen when the watch brings it.
 */
export function recordingClient<In extends KubernetesObject, C extends Lister<In>>(
  client: C & Lister<In>,
  recorder: WriteRecorder<In>,
  { namespace, onError }: RecordingClientOptions = {},
): C {
  const report = newErrorReporter(onError);

  const recording =
    (method: Method, optionsAt: number): Method =>
    async (...args) => {
      const answer = (await method.apply(client, args)) as In;
      const options = (args[optionsAt] ?? {}) as WriteOptions;
      const name = answer.metadata?.name;
      if (!name || options.dryRun || !WholeObject.has(options.subresource)) return answer;
      if (isLetGo(answer)) await findOut(name, options);
      else recorder.record(answer);
      return answer;
    };

  const deleting =
    (method: Method): Method =>
    async (...args) => {
      const answer = await method.apply(client, args);
      const [name, options = {}] = args as [string, DeleteOptions?];
      if (!options.dryRun) await findOut(name, options);
      return answer;
    };

  const findOut = async (name: string, { signal, timeoutMs }: RequestOptions): Promise<void> => {
    const key = metaNamespaceKey({ metadata: { name, ...(namespace ? { namespace } : {}) } });
    try {
      const fieldSelector = `metadata.name=${escapeFieldValue(name)}`;
      const { metadata, items } = await client.list({ fieldSelector, signal, timeoutMs });
      const left = items.find((object) => object.metadata?.name === name);
      if (left) recorder.record(left);
      else recorder.recordGone(key, metadata.resourceVersion ?? '');
    } catch (error) {
      // The deletion itself has succeeded, whatever its caller waits for.
      if (!signal?.aborted) report(new CacheError('list', 'what came of the deletion is not known', error, key));
    }
  };

  return new Proxy<C>(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const optionsAt = Writes.get(property);
      if (optionsAt !== undefined) return recording(value as Method, optionsAt);
      return property === 'delete' ? deleting(value as Method) : value.bind(target);
    },
  });
}

/** Whether it was about to go, and nothing holds it any more: the server has removed it with the write that it answers. */
function isLetGo({ metadata }: KubernetesObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds = 0, finalizers = [] } = metadata ?? {};
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds === 0 && finalizers.length === 0;
}
