import type { KubernetesObject, Patch, WriteOptions } from '@client-ts/apimachinery';
import { isStatusError } from '@client-ts/apimachinery/errors';
import { metaNamespaceKey } from '@client-ts/cache';
import { type Doubt, UnansweredWriteError } from './doubt.js';
import type { TraceApi } from './tracing.js';
import type { WriteLog } from './write-log.js';

interface Write {
  readonly name: string | undefined;
  /** The version that the write is made under; `''` when the object must not be there. */
  readonly before: string | undefined;
  readonly options: WriteOptions | undefined;
}

/** Methods that answer with the object as it is from then on, and what their arguments say. */
const Writes: ReadonlyMap<PropertyKey, (args: readonly unknown[]) => Write> = new Map([
  ['create', ([object, options]) => ({ ...ofObject(object, options), before: '' })],
  ['update', ([object, options]) => ofObject(object, options)],
  ['updateStatus', ([object, options]) => ofObject(object, options)],
  ['apply', ([object, options]) => ofObject(object, options)],
  ['applyStatus', ([object, options]) => ofObject(object, options)],
  [
    'patch',
    ([name, patch, options]) => ({
      name: name as string,
      before: versionIn(patch as Patch),
      options: options as WriteOptions | undefined,
    }),
  ],
]);

type Method = (...args: unknown[]) => Promise<unknown>;

export interface LoggingClientOptions {
  readonly log: WriteLog;
  readonly namespace: string;
  readonly doubt: Doubt;
  readonly tracing?: TraceApi | undefined;
}

/**
 * The same client, except that what it creates, updates, patches and applies is put down in the log. Dry runs are not.
 *
 * A creation without a name is refused when one before it was not answered, after it was found out what came of that.
 */
export function loggingClient<C extends object>(client: C, options: LoggingClientOptions): C {
  const { log, namespace, doubt, tracing } = options;
  const logging =
    (method: Method, read: (args: readonly unknown[]) => Write): Method =>
    async (...args) => {
      const { name, before, options: asked } = read(args);
      const { dryRun, subresource } = (asked ?? {}) as WriteOptions & { subresource?: string };
      // Of other subresources the answer is something else.
      if (dryRun || (subresource !== undefined && subresource !== 'status')) return method.apply(client, args);
      const isNameless = before === '' && !name;
      if (isNameless && doubt.any) {
        await doubt.settle();
        throw new UnansweredWriteError();
      }
      const span = tracing?.getActiveSpan()?.spanContext();
      const answered = name ? log.begin(metaNamespaceKey({ metadata: { name, namespace } })) : undefined;
      try {
        const answer = await method.apply(client, args);
        log.record(before, answer as KubernetesObject, span);
        return answer;
      } catch (error) {
        if (isNameless && !isRefusal(error)) doubt.raise();
        throw error;
      } finally {
        answered?.();
      }
    };
  return new Proxy<C>(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      const read = Writes.get(property);
      return read ? logging(value as Method, read) : value.bind(target);
    },
  });
}

/** Whether the server has said that it did nothing. */
function isRefusal(error: unknown): boolean {
  return isStatusError(error) && error.code < 500;
}

function ofObject(object: unknown, options: unknown): Write {
  const { name, resourceVersion: before } = (object as KubernetesObject).metadata ?? {};
  return { name, before: before === '' ? undefined : before, options: options as WriteOptions | undefined };
}

function versionIn(patch: Patch): string | undefined {
  const version =
    patch.type === 'json'
      ? patch.ops.find(({ op, path }) => op === 'test' && path === '/metadata/resourceVersion')
      : { value: (patch.patch as KubernetesObject).metadata?.resourceVersion };
  return version && 'value' in version && typeof version.value === 'string' && version.value !== ''
    ? version.value
    : undefined;
}
