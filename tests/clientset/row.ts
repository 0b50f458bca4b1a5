import type { KubernetesObject, ResourceDescriptor } from '@client-ts/apimachinery';
import type { Clientset } from '@client-ts/clientset';
import type { ResourceInterface, StatusInterface } from '@client-ts/rest';

/** Where namespaced objects of the walk are, and what all objects are called that have no name of their own. */
export const Walk = 'walk';

type Client<T extends KubernetesObject, A> = Partial<ResourceInterface<T, A> & StatusInterface<T, A>>;

/** What is not done with a resource although discovery lists the verb, and why; `extract` and `status` are steps too. */
type Reasons = Readonly<Partial<Record<string, string>>>;

interface RowOptions {
  /** What is written to the status. Default: what is there, or nothing. */
  readonly status?: object;
  /** What a controller would do before the object is gone; none run. Finalizers are taken off without this. */
  readonly afterDelete?: (clientset: Clientset) => Promise<unknown>;
  readonly without?: Reasons;
}

/** One resource in one version: how it is reached through the typed clients, and the least that the server takes. */
export interface Row {
  readonly descriptor: ResourceDescriptor<KubernetesObject, KubernetesObject>;
  readonly client: (clientset: Clientset) => Client<KubernetesObject, KubernetesObject>;
  readonly object: KubernetesObject;
  readonly status: object | undefined;
  readonly afterDelete: ((clientset: Clientset) => Promise<unknown>) | undefined;
  readonly without: Reasons;
}

export function row<T extends KubernetesObject, A>(
  descriptor: ResourceDescriptor<T, A>,
  client: (clientset: Clientset) => Client<T, A>,
  object: Omit<NoInfer<T>, 'metadata'> & Pick<KubernetesObject, 'metadata'>,
  { status, afterDelete, without = {} }: RowOptions = {},
): Row {
  const named = { ...object, metadata: object.metadata ?? { name: Walk } };
  return { descriptor, client, object: named, status, afterDelete, without } as unknown as Row;
}
