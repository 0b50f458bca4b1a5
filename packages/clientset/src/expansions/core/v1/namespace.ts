import { type Namespace, namespaces } from '@client-ts/api/core/v1';
import type { UpdateOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';

/** What namespaces have beside the verbs. */
export interface NamespaceExpansion {
  /** Replaces `spec.finalizers`, and nothing else. A namespace that is being deleted is gone when they are empty. */
  finalize(namespace: Namespace, options?: UpdateOptions): Promise<Namespace>;
}

export function namespaceExpansion(client: RestClient): NamespaceExpansion {
  return {
    finalize: (namespace, options) =>
      client.resource(namespaces).update(namespace, { ...options, subresource: 'finalize' }),
  };
}
