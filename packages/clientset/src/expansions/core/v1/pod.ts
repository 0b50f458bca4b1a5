import { type Binding, type Pod, pods } from '@client-ts/api/core/v1';
import type { Eviction } from '@client-ts/api/policy/v1';
import type { CreateOptions, DeleteOptions, UpdateOptions } from '@client-ts/apimachinery';
import type { RestClient } from '@client-ts/rest';
import { bodyStream } from '../../body-stream.js';
import { subresourceClient } from '../../subresource.js';

/** Which part of a log is wanted, and how. Everything is the server's to do. */
export interface PodLogOptions {
  /** Default: the only container. */
  readonly container?: string;
  /** Stay, and read what is written from now on. Default: false. */
  readonly follow?: boolean;
  /** The log of the container before it was restarted. Default: false. */
  readonly previous?: boolean;
  /** Not older than so many seconds. */
  readonly sinceSeconds?: number;
  /** Not older than this RFC 3339 time. */
  readonly sinceTime?: string;
  /** Begin each line with the RFC 3339 time at which it was written. Default: false. */
  readonly timestamps?: boolean;
  /** No more than so many lines, from the end. */
  readonly tailLines?: number;
  /** No more than so many bytes. */
  readonly limitBytes?: number;
  /** Which output is read. Default: `All`. `Stdout` and `Stderr` do not go with `tailLines`. */
  readonly stream?: 'All' | 'Stdout' | 'Stderr';
  /** Trust the kubelet whatever its certificate; the connection from client to API server is not concerned. */
  readonly insecureSkipTLSVerifyBackend?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What pods have beside the verbs. */
export interface PodExpansion {
  /**
   * The log of one container, as the bytes that it wrote. The request is sent when the stream is first read: that is where a
   * refusal shows. Cancelling the stream, or leaving a `for await`, closes the connection.
   *
   * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.37/#read-log-pod-v1-core
   */
  getLogs(name: string, options?: PodLogOptions): ReadableStream<Uint8Array>;
  /** Replaces `spec.ephemeralContainers`: containers can be added to a running pod, and never be changed or removed. */
  updateEphemeralContainers(pod: Pod, options?: Omit<UpdateOptions, 'subresource'>): Promise<Pod>;
  /** Replaces the resources of containers, while they run. */
  updateResize(pod: Pod, options?: Omit<UpdateOptions, 'subresource'>): Promise<Pod>;
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
    getLogs(name, { signal, ...query } = {}) {
      const { group, version, resource } = pods;
      const target = { group, version, resource, namespace, name, subresource: 'log' };
      return bodyStream(
        (signal) => client.send({ method: 'GET', target, query }, { signal, longRunning: query.follow }),
        signal,
      );
    },
    updateEphemeralContainers: (pod, options) =>
      client.resource(pods, namespace).update(pod, { ...options, subresource: 'ephemeralcontainers' }),
    updateResize: (pod, options) => client.resource(pods, namespace).update(pod, { ...options, subresource: 'resize' }),
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
