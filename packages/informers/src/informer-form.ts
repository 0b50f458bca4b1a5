import type { KubernetesObject, ListerWatcher, ResourceDescriptor } from '@client-ts/apimachinery';
import type { CachedObject, SharedIndexInformerOptions } from '@client-ts/cache';
import type { RestClient } from '@client-ts/rest';

/**
 * A resource whose objects are read, and kept, in another form than whole: `metadata(pods)`, `compact(pods)`, or one of your
 * own. Nobody pays for forms that he does not import.
 *
 * Informers of one resource in several forms are several informers, each with its own watch.
 *
 * @typeParam In - what is read.
 * @typeParam T - what is kept.
 */
export interface InformerForm<T extends CachedObject, In extends KubernetesObject = T & KubernetesObject> {
  readonly descriptor: ResourceDescriptor;
  /** Tells forms of a resource apart, and follows its name in errors: `metadata`. */
  readonly name: string;
  /** @param namespace - `NamespaceAll` for all namespaces; left out for cluster-scoped resources. */
  source(client: RestClient, namespace: string | undefined): ListerWatcher<In>;
  readonly project: (object: In) => T;
  /** Default: a `Map` with indexes. */
  readonly indexer?: SharedIndexInformerOptions<T, string>['indexer'];
  /** Options that would have no effect, and are refused. */
  readonly refuses?: readonly ('transform' | 'keepManagedFields')[] | undefined;
}
