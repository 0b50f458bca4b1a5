import type { KubernetesObject, ListerWatcher, ResourceDescriptor } from '@client-ts/apimachinery';
import type { WritableIndexer } from '@client-ts/cache';
import type { RestClient } from '@client-ts/rest';

/**
 * Another form in which the objects of a resource are read and kept: `metadata`, `compact`, or one of your own. A function
 * that is imported where it is used, so that nobody pays for the forms that he does not use.
 *
 * Informers of the same resource in different forms are different informers, each with its own watch.
 *
 * @typeParam In - what is read.
 * @typeParam P - what is kept.
 */
export type InformerForm<T extends KubernetesObject, A, In extends KubernetesObject, P extends KubernetesObject> = (
  client: RestClient,
  descriptor: ResourceDescriptor<T, A>,
  namespace: string | undefined,
) => FormOfInformer<In, P>;

/** What is needed to make one informer of a form. */
export interface FormOfInformer<In extends KubernetesObject, P extends KubernetesObject> {
  /** Follows the name of the resource in errors, such as `metadata`. */
  readonly name: string;
  readonly source: ListerWatcher<In>;
  readonly project: (object: In) => P;
  /** Default: a `Map` with indexes. */
  readonly indexer?: WritableIndexer<P, string> | undefined;
  /** Options that would have no effect, and are refused. */
  readonly refuses?: readonly ('transform' | 'keepManagedFields')[] | undefined;
}
