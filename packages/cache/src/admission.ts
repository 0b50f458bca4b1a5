import type { CachedObject } from './deep-readonly.js';
import { deepFreeze } from './deep-freeze.js';
import { CacheError, type CacheErrorHandler } from './error-handler.js';
import { frozenByDefault } from './frozen-by-default.js';
import { metaNamespaceKey, type ObjectKey } from './key.js';
import { newStringSharing } from './shared-strings.js';

export interface AdmissionOptions<T, In> {
  readonly transform?: ((object: In) => In) | undefined;
  readonly project?: ((object: In) => T) | undefined;
  readonly freeze?: boolean | undefined;
}

/**
 * Makes of what a source gives what a store keeps. An object for which that fails is reported with its key, and left out:
 * it is the trouble of no other.
 */
export function newAdmission<T extends CachedObject, In extends CachedObject>(
  name: string,
  { transform, project, freeze = frozenByDefault() }: AdmissionOptions<T, In>,
  onError: CacheErrorHandler,
): (object: In) => T | undefined {
  const shareStrings = newStringSharing();
  return (object) => {
    let key: ObjectKey | undefined;
    try {
      key = metaNamespaceKey(object);
      const { namespace, name: objectName } = object.metadata!;
      const transformed = transform ? expectObject('transform', transform(object)) : object;
      const taken = project ? expectObject('project', project(transformed)) : (transformed as unknown as T);
      if (transform ?? project) {
        const { metadata } = taken;
        if (metadata?.name !== objectName || metadata?.namespace !== namespace)
          throw new TypeError('metadata.name and metadata.namespace have to stay as they are');
      }
      shareStrings(taken);
      if (!freeze) return taken;
      // Named, for it may be no property of its own that is found by looking.
      deepFreeze(taken.metadata);
      deepFreeze(taken);
      return taken;
    } catch (error) {
      onError(new CacheError('transform', `${name}: cannot take`, error, key));
      return undefined;
    }
  };
}

function expectObject<V>(what: string, value: V): V {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what} returned ${String(value)}`);
  return value;
}
