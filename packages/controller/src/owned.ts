import type { ResourceDescriptor } from '@client-ts/apimachinery';
import type { CachedObject } from '@client-ts/cache';
import { groupOf } from './group-of.js';
import { InformerSource, type InformerSourceOptions, type WatchedResource } from './informer-source.js';
import type { ObjectRef } from './object-ref.js';
import type { Source } from './source.js';

export interface OwnedOptions<T> extends InformerSourceOptions<T> {
  /** All owners, and not the one that is the managing controller. Default: false. */
  readonly anyOwner?: boolean | undefined;
}

/** A change of these objects is work on the one of `owner`'s group and kind, in whatever version, that controls them. */
export function owned<T extends CachedObject>(
  resource: WatchedResource<T>,
  owner: Pick<ResourceDescriptor, 'group' | 'kind' | 'scope'>,
  { anyOwner = false, ...options }: OwnedOptions<T> = {},
): Source {
  const isOwner = (apiVersion: string, kind: string): boolean =>
    kind === owner.kind && groupOf(apiVersion) === owner.group;
  return new InformerSource<T>(
    resource,
    ({ metadata }) =>
      (metadata?.ownerReferences ?? [])
        .filter(({ apiVersion, kind, controller }) => (anyOwner || controller === true) && isOwner(apiVersion, kind))
        .map(({ name, uid }): ObjectRef => {
          const { namespace = '' } = metadata ?? {};
          return { name, uid, ...(owner.scope === 'Namespaced' ? { namespace } : {}) };
        }),
    options,
  );
}
