import type { KubernetesObject } from './object.js';
import type { GroupVersionResource } from './schema.js';

/** Whether objects live in a namespace or beside all namespaces. */
export type Scope = 'Namespaced' | 'Cluster';

/**
 * A GroupVersionResource that also knows what its objects look like. The one value that typed clients, the dynamic
 * client, informers, listers, the pager and the in-memory API server all accept.
 *
 * It is plain data. `T` is the object, `A` its server-side apply configuration; both exist only for the type checker.
 */
export interface ResourceDescriptor<
  T extends KubernetesObject = KubernetesObject,
  A = unknown,
  S extends Scope = Scope,
> extends GroupVersionResource {
  readonly kind: string;
  readonly scope: S;
  /** Subresources that the server offers, such as `status` and `scale`. */
  readonly subresources?: readonly string[];
  /** Type-level only, absent at run time. A plain name, not a symbol: two copies of this package must agree. */
  readonly $types?: { readonly object: T; readonly apply: A };
}

/** All namespaces. The namespace argument is never optional, so that leaving it out is not an accident. */
export const NamespaceAll = '';

/**
 * Describes a resource that has no generated descriptor, such as your CRD's.
 *
 * Called twice because TypeScript infers either all type arguments or none: the first call takes the object's type, the
 * second infers the scope.
 *
 * ```ts
 * const crontabs = defineResource<CronTab>()({
 *   group: 'stable.example.com', version: 'v1', resource: 'crontabs', kind: 'CronTab', scope: 'Namespaced',
 * });
 * ```
 */
export function defineResource<T extends KubernetesObject, A = T>(): <S extends Scope>(
  descriptor: GroupVersionResource & {
    readonly kind: string;
    readonly scope: S;
    readonly subresources?: readonly string[];
  },
) => ResourceDescriptor<T, A, S> {
  return (descriptor) => descriptor;
}
