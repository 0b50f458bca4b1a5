import { type Event, type EventApplyConfiguration, events } from '@client-ts/api/core/v1';
import {
  type CreateOptions,
  type KubernetesList,
  type KubernetesObject,
  type ListOptions,
  NamespaceAll,
  type Patch,
  type PatchOptions,
  type UpdateOptions,
} from '@client-ts/apimachinery';
import { newFieldSelector } from '@client-ts/apimachinery/fields';
import { RequestError, type ResourceClient, type RestClient } from '@client-ts/rest';

/** What an event is about; an `ObjectReference` is one. */
export interface InvolvedObject {
  readonly kind?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly uid?: string | undefined;
}

/** What events have beside the verbs: whoever records events of many namespaces has one client for all of them. */
export interface EventExpansion {
  /**
   * Creates an event in its own namespace. That must be the one of this client, unless it stands for all. The same for the
   * methods below; rejects with a `RequestError` otherwise.
   */
  createWithEventNamespace(event: Event, options?: CreateOptions): Promise<Event>;
  updateWithEventNamespace(event: Event, options?: UpdateOptions<never>): Promise<Event>;
  /** Patches an event, such as the count of one that happened again. */
  patchWithEventNamespace(event: Event, patch: Patch, options?: PatchOptions<never>): Promise<Event>;
  /** The events about an object, as far as it says what it is: those of `kubectl describe`. */
  search(
    about: KubernetesObject | InvolvedObject,
    options?: Omit<ListOptions, 'fieldSelector'>,
  ): Promise<KubernetesList<Event>>;
  /** Selects the events about an object by what is given of it, for `list`, `watch` and informers. */
  getFieldSelector(about: InvolvedObject): string;
}

export function eventExpansion(client: RestClient, namespace: string): EventExpansion {
  const expectNamespace = (action: string, own: string): void => {
    if (namespace === NamespaceAll || namespace === own) return;
    throw new RequestError(`events: cannot ${action} of namespace '${own}' in namespace '${namespace}'`);
  };
  const clientOf = ({ metadata }: Event): ResourceClient<Event, EventApplyConfiguration> => {
    const own = metadata.namespace ?? namespace;
    expectNamespace('write an event', own);
    return client.resource(events, own);
  };
  return {
    createWithEventNamespace: async (event, options) => clientOf(event).create(event, options),
    updateWithEventNamespace: async (event, options) => clientOf(event).update(event, options),
    patchWithEventNamespace: async (event, patch, options) =>
      clientOf(event).patch(event.metadata.name ?? '', patch, options),
    async search(about, options) {
      const involved: InvolvedObject = isObject(about) ? { kind: about.kind, ...about.metadata } : about;
      // Events about objects of the cluster are in some namespace all the same.
      if (involved.namespace !== undefined) expectNamespace('find events about an object', involved.namespace);
      return client.resource(events, namespace).list({ ...options, fieldSelector: fieldSelector(involved) });
    },
    getFieldSelector: fieldSelector,
  };
}

function isObject(about: KubernetesObject | InvolvedObject): about is KubernetesObject {
  return 'metadata' in about;
}

function fieldSelector(about: InvolvedObject): string {
  const fields = ['name', 'namespace', 'kind', 'uid'] as const;
  const requirements = fields.flatMap((field) => {
    const value = about[field];
    return value === undefined ? [] : [{ field: `involvedObject.${field}`, operator: '=' as const, value }];
  });
  return newFieldSelector(requirements).toString();
}
