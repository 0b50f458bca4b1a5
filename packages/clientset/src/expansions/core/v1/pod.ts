import { type Binding, pods } from '@client-ts/api/core/v1';
import type { Eviction } from '@client-ts/api/policy/v1';
import type { CreateOptions, DeleteOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';
import { subresourceClient } from '../../subresource.js';

/** What pods have beside the verbs. */
export interface PodExpansion {
  /**
   * Deletes the pod when its PodDisruptionBudgets allow it; rejects with a `TooManyRequests` status when they do not yet.
   *
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/
   */
  evict(name: string, options?: DeleteOptions): Promise<void>;
  /** Assigns the pod `binding.metadata.name` to the node `binding.target.name`; what a scheduler does. */
  bind(binding: Binding, options?: CreateOptions): Promise<void>;
}

export function podExpansion(client: RestClient, namespace: string): PodExpansion {
  return {
    async evict(name, options = {}) {
      const { gracePeriodSeconds, preconditions, propagationPolicy, dryRun, signal, timeoutMs } = options;
      const evictions = subresourceClient<Eviction>(client, pods, 'Eviction', namespace);
      await evictions.create(
        {
          apiVersion: 'policy/v1',
          metadata: { name, namespace },
          deleteOptions: {
            ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
            ...(preconditions !== undefined && { preconditions }),
            ...(propagationPolicy !== undefined && { propagationPolicy }),
          },
        },
        { subresource: 'eviction', dryRun, signal, timeoutMs },
      );
    },
    async bind(binding, options) {
      const bindings = subresourceClient<Binding>(client, pods, 'Binding', namespace);
      await bindings.create(binding, { ...options, subresource: 'binding' });
    },
  };
}
